-- A cart that was checked out: kept for ever, so that a key that comes again, however late, makes no second order.
create table checkouts (
    checkout_id  uuid        not null,
    buyer_id     uuid        not null,
    key          text        not null,
    -- What was asked under the key, hashed.
    request      bytea       not null,
    -- Lines of the buyer's cart up to here were ordered by this checkout or one before.
    cart_version bigint      not null,
    requested_at timestamptz not null,
    constraint checkouts_pkey primary key (checkout_id),
    constraint checkouts_key_key unique (buyer_id, key),
    constraint checkouts_cart_key unique (buyer_id, cart_version)
);
create index checkouts_window_idx on checkouts (buyer_id, requested_at);
