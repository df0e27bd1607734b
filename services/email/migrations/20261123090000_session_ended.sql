-- One more kind of mail: a session was ended because one of its tokens came twice.
set local lock_timeout = '5s';
alter table messages
    drop constraint messages_kind_check,
    add constraint messages_kind_check check (kind in ('sign_in_code', 'session_ended', 'order_confirmation',
                                                       'new_seller_order', 'shipped', 'seller_approved',
                                                       'order_cancelled')) not valid;
alter table messages validate constraint messages_kind_check;
