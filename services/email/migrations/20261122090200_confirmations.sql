-- What a confirmation mail waits for. Whichever comes first, the order or one of its invoices, makes the row; its lock
-- lets the two kinds of events take turns.
create table confirmations (
    order_id   uuid        not null,
    buyer_id   uuid,
    parts      integer,
    receipt    jsonb,
    created_at timestamptz not null,
    constraint confirmations_pkey primary key (order_id),
    constraint confirmations_heard_check check (num_nulls(buyer_id, parts, receipt) in (0, 3))
);

create table confirmation_invoices (
    order_id        uuid    not null,
    seller_order_id uuid    not null,
    invoice_id      uuid    not null,
    number          text    not null,
    vendor_id       uuid    not null,
    total           bigint  not null,
    currency        char(3) not null,
    sealed_link     text    not null,
    constraint confirmation_invoices_pkey primary key (order_id, seller_order_id),
    constraint confirmation_invoices_invoice_key unique (invoice_id),
    constraint confirmation_invoices_order_fkey foreign key (order_id) references confirmations (order_id)
);
