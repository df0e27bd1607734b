-- What a seller order goes out in. What the release before ships has no row: it is one parcel, with the seller order's id
-- and all that is left of it (store/parcels.rs).
set local lock_timeout = '5s';

create table parcels (
    parcel_id       uuid        constraint parcels_pkey primary key,
    seller_order_id uuid        not null constraint parcels_seller_order_id_fkey references seller_orders,
    -- The how many-th of its seller order, from 1.
    nth             integer     not null constraint parcels_nth_check check (nth > 0),
    state           text        not null constraint parcels_state_check
                                check (state in ('shipped', 'delivered', 'rto', 'rto_received', 'lost')),
    carrier         text        not null,
    tracking_number text        not null,
    shipped_at      timestamptz,
    delivered_at    timestamptz,
    -- Until when it has to arrive or to come back, or may be sent back.
    due_at          timestamptz,
    updated_at      timestamptz not null,
    constraint parcels_nth_key unique (seller_order_id, nth)
);

create table parcel_lines (
    parcel_id uuid    not null constraint parcel_lines_parcel_id_fkey references parcels,
    -- As in order_lines.
    position  integer not null,
    quantity  integer not null constraint parcel_lines_quantity_check check (quantity > 0),
    constraint parcel_lines_pkey primary key (parcel_id, position)
);
