-- Who is late is found by an index, sellers are told while there is time, and addresses go when their parcels have come.
set local lock_timeout = '5s';

-- The deadline that the seller was told of before it was over.
alter table seller_orders add column reminded_of timestamptz;

-- Deadlines that run: a state without one has no `due_in`, and one that the release before left behind names another state.
create index seller_orders_runs_idx on seller_orders (due_at) where due_in = state;
create index seller_orders_remind_idx on seller_orders (state, due_at)
    where due_in = state and reminded_of is distinct from due_at and state in ('confirmed', 'accepted', 'packed');
-- What the release before moved: hardly anything.
create index seller_orders_no_due_idx on seller_orders (updated_at)
    where due_in is distinct from state
      and state in ('confirmed', 'accepted', 'packed', 'shipped', 'rto', 'delivered');
drop index seller_orders_due_at_idx;

-- Whether all their addresses are gone. While parcels are on their way, some are kept.
alter table erased_buyers add column settled boolean not null default false;
create index erased_buyers_open_idx on erased_buyers (user_id) where not settled;
