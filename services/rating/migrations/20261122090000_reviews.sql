-- What a buyer may rate: one row per delivered purchase and target. A product's target id is the product's, a seller's
-- the seller's.
create table purchases (
    buyer_id     uuid        not null,
    order_id     uuid        not null,
    target_kind  text        not null,
    target_id    uuid        not null,
    vendor_id    uuid        not null,
    delivered_at timestamptz not null,
    constraint purchases_pkey primary key (order_id, target_kind, target_id),
    constraint purchases_target_kind_check check (target_kind in ('product', 'vendor'))
);

create table reviews (
    id           uuid        not null,
    order_id     uuid        not null,
    target_kind  text        not null,
    target_id    uuid        not null,
    author_id    uuid        not null,
    stars        smallint    not null,
    title        text,
    text         text,
    status       text        not null,
    submitted_at timestamptz not null,
    published_at timestamptz,
    constraint reviews_pkey primary key (id),
    constraint reviews_once_key unique (order_id, target_kind, target_id),
    constraint reviews_stars_check check (stars between 1 and 5),
    constraint reviews_status_check check (status in ('submitted', 'published', 'rejected', 'removed'))
);
create index reviews_public_idx on reviews (target_kind, target_id, id desc) where status = 'published';

-- The stars of a target, exactly: how many reviews of one, two, .. five stars are published.
create table summaries (
    target_kind text   not null,
    target_id   uuid   not null,
    one         bigint not null default 0,
    two         bigint not null default 0,
    three       bigint not null default 0,
    four        bigint not null default 0,
    five        bigint not null default 0,
    constraint summaries_pkey primary key (target_kind, target_id),
    constraint summaries_never_below_zero_check
        check (one >= 0 and two >= 0 and three >= 0 and four >= 0 and five >= 0)
);
