-- A seller order may go out in several parcels: each counts once, by its own id.
set local lock_timeout = '5s';

-- What an earlier release, which may run beside this one, keeps stays in shipments: it knows one parcel of a seller order,
-- and that one bears the seller order's id.
create table parcels (
    parcel_id       uuid        not null,
    seller_order_id uuid        not null,
    checkout_id     uuid        not null,
    lines           jsonb       not null,
    applied_at      timestamptz,
    created_at      timestamptz not null,
    constraint parcels_pkey primary key (parcel_id)
);
create index parcels_waiting_idx on parcels (checkout_id) where applied_at is null;

alter table movements add column parcel_id uuid;
drop index movements_ship_key;
create unique index movements_ship_key on movements (coalesce(parcel_id, seller_order_id), sku) where kind = 'ship';
