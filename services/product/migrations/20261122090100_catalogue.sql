-- What is sold: the tree of categories, the tax rates there are, products and their variants.
set local lock_timeout = '5s';

create table categories (
    slug     text    not null,
    parent   text,
    name     text    not null,
    position integer not null,
    constraint categories_pkey primary key (slug),
    constraint categories_parent_fkey foreign key (parent) references categories (slug),
    constraint categories_slug_check check (slug ~ '^[a-z0-9-]{1,64}$')
);
create index categories_parent_idx on categories (parent);

create table gst_rates (
    rate_bp    integer not null,
    valid_from date    not null,
    valid_to   date,
    constraint gst_rates_pkey primary key (rate_bp, valid_from),
    constraint gst_rates_rate_bp_check check (rate_bp between 0 and 10000),
    constraint gst_rates_valid_check check (valid_to is null or valid_to >= valid_from)
);

create table products (
    id          uuid        not null,
    vendor_id   uuid        not null,
    title       text        not null,
    description text        not null,
    category    text        not null,
    hsn         text        not null,
    gst_rate_bp integer     not null,
    status      text        not null,
    reason      text,
    decided_at  timestamptz,
    version     bigint      not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint products_pkey primary key (id),
    constraint products_category_fkey foreign key (category) references categories (slug),
    constraint products_status_check
        check (status in ('draft', 'proposed', 'published', 'rejected', 'unlisted')),
    constraint products_reason_check
        check ((reason is not null) = (status in ('rejected', 'unlisted'))),
    constraint products_hsn_check check (hsn ~ '^([0-9]{4}|[0-9]{6}|[0-9]{8})$'),
    constraint products_version_check check (version > 0)
);
create index products_vendor_id_idx on products (vendor_id, id);
create index products_published_idx on products (id) where status = 'published';
create index products_category_idx on products (category, id) where status = 'published';

create table variants (
    sku         text        not null,
    product_id  uuid        not null,
    vendor_id   uuid        not null,
    position    integer     not null,
    options     jsonb       not null,
    price_minor bigint      not null,
    currency    char(3)     not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint variants_pkey primary key (sku),
    constraint variants_product_id_fkey foreign key (product_id) references products (id),
    constraint variants_sku_check check (sku ~ '^[A-Za-z0-9._-]{1,64}$'),
    constraint variants_price_minor_check check (price_minor > 0)
);
create index variants_product_id_idx on variants (product_id, position);

-- Copies of what the neighbours own; guarded by version, rebuilt from the start of the topic.
create table sellers (
    vendor_id uuid    not null,
    active    boolean not null,
    version   bigint  not null,
    constraint sellers_pkey primary key (vendor_id)
);

create table ratings (
    product_id uuid   not null,
    stars      bigint not null,
    reviews    bigint not null,
    version    bigint not null,
    constraint ratings_pkey primary key (product_id),
    constraint ratings_stars_check check (stars between reviews and reviews * 5)
);
