-- One more kind of mail: all that one seller supplies has arrived. The check admits the kinds that come with cash that goes
-- back, disputes and held payouts, too, so that either migration may be the later one.
set local lock_timeout = '5s';
alter table messages
    drop constraint messages_kind_check,
    add constraint messages_kind_check check (kind in ('sign_in_code', 'session_ended', 'order_confirmation',
                                                       'new_seller_order', 'shipped', 'seller_approved',
                                                       'order_cancelled', 'order_rejected', 'items_taken_back',
                                                       'money_unclaimed', 'refund_done', 'refund_delayed',
                                                       'return_requested', 'return_sent_back', 'return_approved',
                                                       'return_refused', 'return_expired', 'return_settled',
                                                       'seller_due_soon', 'seller_items_taken_back',
                                                       'payout_paid', 'payout_failed', 'payout_account_changed',
                                                       'rate_ending', 'delivered', 'dispute_opened_seller',
                                                       'dispute_opened_buyer', 'dispute_decided_seller',
                                                       'refund_needs_account', 'payout_held')) not valid;
alter table messages validate constraint messages_kind_check;
