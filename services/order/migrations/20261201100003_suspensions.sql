-- What a seller who is suspended has not shipped is taken back after a while.
set local lock_timeout = '5s';

-- Since when it was heard that a seller is suspended. Not of the copies: it is a time of this service.
create table suspensions (
    vendor_id uuid        constraint suspensions_pkey primary key,
    since     timestamptz not null
);

create index seller_orders_unshipped_idx on seller_orders (vendor_id)
    where state in ('confirmed', 'accepted', 'packed');
