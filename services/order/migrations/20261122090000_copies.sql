-- What order-service heard of the others' state. Guarded by version; may be rebuilt from the topics.
set local lock_timeout = '5s';

create table product_copies (
    product_id  uuid     constraint product_copies_pkey primary key,
    vendor_id   uuid     not null,
    title       text     not null,
    hsn         text     not null,
    gst_rate_bp integer  not null constraint product_copies_gst_rate_bp_check check (gst_rate_bp >= 0),
    standing    text     not null constraint product_copies_standing_check check (standing in ('coming', 'on', 'off')),
    skus        text[]   not null,
    version     bigint   not null
);

create table vendor_copies (
    vendor_id     uuid     constraint vendor_copies_pkey primary key,
    display_name  text     not null,
    state         char(2)  not null,
    gstin         text,
    has_pan       boolean  not null,
    commission_bp integer  not null constraint vendor_copies_commission_bp_check check (commission_bp >= 0),
    standing      text     not null constraint vendor_copies_standing_check check (standing in ('coming', 'on', 'off')),
    version       bigint   not null
);

-- The last edition heard of each address book.
create table contact_copies (
    user_id uuid   constraint contact_copies_pkey primary key,
    version bigint not null
);

-- Every edition of every address: an order names the one it was placed with. Personal data.
create table address_copies (
    address_id uuid    not null,
    version    integer not null,
    user_id    uuid    not null,
    recipient  text    not null,
    phone      text    not null,
    line1      text    not null,
    line2      text,
    city       text    not null,
    state      char(2) not null,
    pincode    text    not null,
    constraint address_copies_pkey primary key (address_id, version)
);
create index address_copies_user_id_idx on address_copies (user_id);
