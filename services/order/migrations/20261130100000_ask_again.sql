-- An order that shall end waits for an answer. It has a time now, too: then payment-service is asked again.
set local lock_timeout = '5s';

alter table orders
    -- How often it was time to ask again, since the order shall end.
    add column asks smallint not null default 0 constraint orders_asks_check check (asks >= 0),
    drop constraint orders_due_at_check,
    -- The release before leaves the time out where an order shall end.
    add constraint orders_due_at_check check (
        state = 'cancel_pending' or
        (due_at is not null) = (state in ('reserving', 'awaiting_payment', 'awaiting_cod_ok')));

update orders set due_at = state_since + interval '1 minute' where state = 'cancel_pending';
