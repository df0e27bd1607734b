-- What a buyer has open: unpaid orders, and parcels to be paid for in cash. The till refuses more.
set local lock_timeout = '5s';

alter table checkouts
    -- Of what was checked out before this release, or is by the release before, it is not known, and it counts for nothing.
    add column method      text constraint checkouts_method_check check (method in ('upi', 'cod')),
    -- When it was heard that the order is confirmed, cancelled or rejected.
    add column answered_at timestamptz;

-- Parcels of confirmed orders that are paid for in cash at the door.
create table cash_parcels (
    seller_order_id uuid        constraint cash_parcels_pkey primary key,
    checkout_id     uuid        not null,
    buyer_id        uuid        not null,
    -- When it was delivered, or all of it was taken back.
    ended_at        timestamptz,
    -- When it was back, because the buyer had not taken it.
    turned_away_at  timestamptz
);
create index cash_parcels_open_idx on cash_parcels (buyer_id) where ended_at is null;
create index cash_parcels_turned_away_idx on cash_parcels (buyer_id, turned_away_at) where turned_away_at is not null;
