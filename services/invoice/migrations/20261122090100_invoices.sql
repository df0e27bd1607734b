-- Numbered documents, the counters their numbers come from, and the links that open them.
set local lock_timeout = '5s';

-- A row, not a sequence: a sequence does not take a number back when its transaction is rolled back.
create table counters (
    vendor_id      uuid    not null,
    financial_year text    not null,
    series         text    not null,
    last           integer not null,
    constraint counters_pkey primary key (vendor_id, financial_year, series),
    constraint counters_series_check check (series in ('sale')),
    constraint counters_last_check check (last between 0 and 999999)
);

create table invoices (
    id              uuid        not null,
    number          text        not null,
    vendor_id       uuid        not null,
    financial_year  text        not null,
    series          text        not null,
    serial          integer     not null,
    seller_order_id uuid        not null,
    order_id        uuid        not null,
    checkout_id     uuid        not null,
    buyer           uuid        not null,
    total_minor     bigint      not null,
    currency        char(3)     not null,
    document        jsonb       not null,
    object_key      text        not null,
    state           text        not null,
    sha256          text,
    size_bytes      bigint,
    issued_at       timestamptz not null,
    stored_at       timestamptz,
    constraint invoices_pkey primary key (id),
    constraint invoices_seller_order_id_key unique (seller_order_id),
    constraint invoices_number_key unique (vendor_id, number),
    constraint invoices_serial_key unique (vendor_id, financial_year, series, serial),
    constraint invoices_object_key_key unique (object_key),
    constraint invoices_serial_check check (serial between 1 and 999999),
    constraint invoices_total_minor_check check (total_minor >= 0),
    constraint invoices_state_check check (state in ('numbered', 'issued')),
    constraint invoices_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint invoices_stored_check check (
        (state = 'issued') = (sha256 is not null and size_bytes is not null and stored_at is not null))
);
create index invoices_order_id_idx on invoices (order_id);
create index invoices_vendor_id_idx on invoices (vendor_id, id) where state = 'issued';
comment on column invoices.document is 'Personal data: the frozen model of a document that the law orders to keep.';

create table invoice_links (
    id           uuid        not null,
    invoice_id   uuid        not null,
    audience     text        not null,
    audience_id  uuid        not null,
    expires_at   timestamptz not null,
    revoked_at   timestamptz,
    uses         integer     not null default 0,
    last_used_at timestamptz,
    created_at   timestamptz not null,
    constraint invoice_links_pkey primary key (id),
    constraint invoice_links_invoice_id_fkey foreign key (invoice_id) references invoices (id),
    constraint invoice_links_audience_check check (audience in ('user', 'vendor')),
    constraint invoice_links_uses_check check (uses >= 0)
);
create index invoice_links_invoice_id_idx on invoice_links (invoice_id);
