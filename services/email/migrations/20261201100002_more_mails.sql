-- More kinds of mail: a return is over because the buyer's bank took the money back, a seller is paid to another bank
-- account, a rate of GST ends.
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
                                                       'rate_ending')) not valid;
alter table messages validate constraint messages_kind_check;
