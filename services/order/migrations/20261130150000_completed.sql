-- What is delivered is completed when the time to send it back is over.
set local lock_timeout = '5s';

-- For what is delivered already that time begins now.
update seller_orders set due_at = now() + interval '7 days', due_in = state where state = 'delivered';

drop index seller_orders_due_at_idx;
create index seller_orders_due_at_idx on seller_orders (due_at)
    where state in ('confirmed', 'accepted', 'packed', 'shipped', 'rto', 'delivered');
