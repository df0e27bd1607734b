-- Facts: one row per thing that happened, for ever. A day is a calendar day in India. No buyer stands anywhere.
create table order_facts (
    order_id     uuid not null,
    placed_on    date,
    rejected_on  date,
    cancelled_on date,
    confirmed_on date,
    delivered_on date,
    parts        integer,
    currency     char(3),
    total        bigint,
    constraint order_facts_pkey primary key (order_id),
    constraint order_facts_confirmed_check
        check (num_nonnulls(confirmed_on, parts, currency, total) in (0, 4)),
    constraint order_facts_total_check check (total >= 0)
);

-- A delivery may be heard before the sale: then only its day is known.
create table seller_order_facts (
    seller_order_id uuid not null,
    order_id        uuid not null,
    vendor_id       uuid not null,
    delivered_on    date,
    confirmed_on    date,
    vendor_name     text,
    currency        char(3),
    gross           bigint,
    commission      bigint,
    payable         bigint,
    constraint seller_order_facts_pkey primary key (seller_order_id),
    constraint seller_order_facts_confirmed_check
        check (num_nonnulls(confirmed_on, vendor_name, currency, gross, commission, payable) in (0, 6))
);
create index seller_order_facts_order_idx on seller_order_facts (order_id);
create index seller_order_facts_vendor_idx on seller_order_facts (vendor_id, seller_order_id);

create table line_facts (
    seller_order_id uuid    not null,
    nth             integer not null,
    vendor_id       uuid    not null,
    product_id      uuid    not null,
    title           text    not null,
    confirmed_on    date    not null,
    units           bigint  not null,
    currency        char(3) not null,
    gross           bigint  not null,
    constraint line_facts_pkey primary key (seller_order_id, nth),
    constraint line_facts_units_check check (units > 0)
);
create index line_facts_product_idx on line_facts (product_id, seller_order_id);

-- Money that came: one row per captured payment (without seller order) and per seller order paid in cash.
create table payment_facts (
    payment_id      uuid    not null,
    seller_order_id uuid    not null default '00000000-0000-0000-0000-000000000000',
    collected_on    date    not null,
    currency        char(3) not null,
    amount          bigint  not null,
    constraint payment_facts_pkey primary key (payment_id, seller_order_id)
);

create table review_facts (
    review_id    uuid not null,
    published_on date not null,
    constraint review_facts_pkey primary key (review_id)
);

-- The cart's name is hashed: a signed-in buyer's is the buyer's id.
create table addition_facts (
    cart         uuid   not null,
    cart_version bigint not null,
    added_on     date   not null,
    constraint addition_facts_pkey primary key (cart, cart_version)
);
create index addition_facts_day_idx on addition_facts (cart, added_on);

-- Copies: what things are called now.
create table vendors (
    vendor_id uuid   not null,
    name      text   not null,
    version   bigint not null,
    constraint vendors_pkey primary key (vendor_id)
);
create table products (
    product_id uuid   not null,
    title      text   not null,
    version    bigint not null,
    constraint products_pkey primary key (product_id)
);

-- Roll-ups: sums over the facts, changed in the transaction that changes a fact.
create table days (
    day       date   not null,
    placed    bigint not null default 0,
    rejected  bigint not null default 0,
    cancelled bigint not null default 0,
    delivered bigint not null default 0,
    carts     bigint not null default 0,
    reviews   bigint not null default 0,
    constraint days_pkey primary key (day)
);
create table day_sales (
    day       date    not null,
    currency  char(3) not null,
    orders    bigint  not null default 0,
    units     bigint  not null default 0,
    gross     bigint  not null default 0,
    collected bigint  not null default 0,
    constraint day_sales_pkey primary key (day, currency)
);
create table vendor_days (
    day       date   not null,
    vendor_id uuid   not null,
    delivered bigint not null default 0,
    constraint vendor_days_pkey primary key (vendor_id, day)
);
create table vendor_day_sales (
    day        date    not null,
    vendor_id  uuid    not null,
    currency   char(3) not null,
    orders     bigint  not null default 0,
    units      bigint  not null default 0,
    gross      bigint  not null default 0,
    commission bigint  not null default 0,
    payable    bigint  not null default 0,
    constraint vendor_day_sales_pkey primary key (vendor_id, day, currency)
);
create index vendor_day_sales_day_idx on vendor_day_sales (day);
create table product_day_sales (
    day        date    not null,
    product_id uuid    not null,
    vendor_id  uuid    not null,
    currency   char(3) not null,
    units      bigint  not null default 0,
    gross      bigint  not null default 0,
    constraint product_day_sales_pkey primary key (product_id, vendor_id, day, currency)
);
create index product_day_sales_day_idx on product_day_sales (day);
create index product_day_sales_vendor_idx on product_day_sales (vendor_id, day);

-- Raised with every change, so that who watches need not add up to know: the whole mall (nil) and each seller.
create table revisions (
    scope    uuid   not null,
    revision bigint not null,
    constraint revisions_pkey primary key (scope)
);
