-- Read models: what staff look at. All of it was heard and can be heard again.
create table vendors (
    id           uuid        not null,
    version      bigint      not null,
    display_name text        not null,
    legal_name   text        not null,
    gstin        text,
    status       text        not null,
    since        timestamptz not null,
    constraint vendors_pkey primary key (id)
);
create index vendors_status_idx on vendors (status, id);

create table vendor_documents (
    id           uuid not null,
    vendor_id    uuid not null,
    kind         text not null,
    content_type text not null,
    sha256       text not null,
    constraint vendor_documents_pkey primary key (id)
);
create index vendor_documents_vendor_idx on vendor_documents (vendor_id);

create table products (
    id         uuid        not null,
    version    bigint      not null,
    vendor_id  uuid        not null,
    title      text        not null,
    category   text        not null,
    status     text        not null,
    created_at timestamptz not null,
    constraint products_pkey primary key (id)
);
create index products_status_idx on products (status, id);

-- `rank` keeps a status from moving back when an event is heard again.
create table reviews (
    id           uuid        not null,
    version      bigint      not null,
    target_kind  text        not null,
    target_id    uuid        not null,
    order_id     uuid,
    author_id    uuid,
    stars        smallint,
    title        text,
    text         text,
    status       text        not null,
    submitted_at timestamptz,
    constraint reviews_pkey primary key (id)
);
create index reviews_status_idx on reviews (status, id);

create table orders (
    id         uuid        not null,
    number     text        not null,
    buyer_id   uuid        not null,
    total      bigint      not null,
    currency   char(3)     not null,
    status     text        not null,
    rank       smallint    not null,
    day        date        not null,
    placed_at  timestamptz not null,
    constraint orders_pkey primary key (id)
);
create index orders_number_idx on orders (number);
create index orders_day_idx on orders (day);

create table order_parts (
    id          uuid     not null,
    order_id    uuid     not null,
    number      text     not null,
    vendor_id   uuid     not null,
    vendor_name text     not null,
    total       bigint   not null,
    status      text     not null,
    rank        smallint not null,
    constraint order_parts_pkey primary key (id)
);
create index order_parts_order_idx on order_parts (order_id);

create table accounts (
    id      uuid   not null,
    version bigint not null,
    status  text   not null,
    constraint accounts_pkey primary key (id)
);

create table bounced_mails (
    id uuid not null,
    constraint bounced_mails_pkey primary key (id)
);

create table payments_in_review (
    id uuid not null,
    constraint payments_in_review_pkey primary key (id)
);

create table dead_letters (
    service       text    not null,
    consumer      text    not null,
    topic         text    not null,
    partition     integer not null,
    record_offset bigint  not null,
    open          boolean not null,
    constraint dead_letters_pkey primary key (service, consumer, topic, partition, record_offset)
);

-- Every act of staff. Each row carries the hash of the one before; nothing is changed or taken away.
create table audit (
    seq           bigint      not null,
    at            timestamptz not null,
    staff_id      uuid        not null,
    session_id    uuid        not null,
    act           text        not null,
    subject_kind  text        not null,
    subject_id    uuid        not null,
    before        text        not null,
    after         text        not null,
    reason        text        not null,
    previous_hash text        not null,
    hash          text        not null,
    constraint audit_pkey primary key (seq),
    constraint audit_hash_key unique (hash)
);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only' using errcode = 'restrict_violation';
end
$$;
create trigger audit_append_only before update or delete on audit
    for each row execute function audit_is_append_only();

-- The end of the chain; its row lock puts the acts of staff into one order.
create table audit_head (
    only_row  boolean not null default true,
    last_seq  bigint  not null,
    last_hash text    not null,
    constraint audit_head_pkey primary key (only_row),
    constraint audit_head_only_row_check check (only_row)
);
insert into audit_head (last_seq, last_hash) values (0, '');
