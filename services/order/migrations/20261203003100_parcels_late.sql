-- A parcel that is on its way when a bank settles all of its seller order has to end, too.
set local lock_timeout = '5s';

create index parcels_due_at_idx on parcels (due_at) where state in ('shipped', 'rto');
