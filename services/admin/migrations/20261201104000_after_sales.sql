-- What goes back, what counts against sellers, and what the others did for an order. All of it was heard.
set local lock_timeout = '5s';

-- What sellers rejected, or did not do in time: one row for each credit.
create table strikes (
    credit_id uuid        not null,
    vendor_id uuid        not null,
    kind      text        not null,
    at        timestamptz not null,
    constraint strikes_pkey primary key (credit_id),
    constraint strikes_kind_check check (kind in ('rejected', 'late'))
);
create index strikes_vendor_idx on strikes (vendor_id, at);

-- Every refund. One that is done stays done, and a failure before that is no more.
create table refunds (
    id           uuid    not null,
    amount       bigint  not null,
    currency     char(3) not null,
    requested_at timestamptz,
    failed_at    timestamptz,
    done_at      timestamptz,
    constraint refunds_pkey primary key (id)
);
create index refunds_waiting_idx on refunds (requested_at) where done_at is null;

-- Where every return stands, and since when.
create table returns (
    id    uuid        not null,
    state text        not null,
    at    timestamptz not null,
    constraint returns_pkey primary key (id)
);

-- Where every payout stands. One that failed after it was paid came back.
create table payouts (
    id        uuid        not null,
    vendor_id uuid        not null,
    amount    bigint      not null,
    currency  char(3)     not null,
    state     text        not null,
    paid      boolean     not null,
    at        timestamptz not null,
    constraint payouts_pkey primary key (id)
);
create index payouts_failed_idx on payouts (at) where state = 'failed';
create index payouts_waiting_idx on payouts (id) where state = 'waiting';

-- What came otherwise than it was asked for; it waits as long as its payment is in review.
create table wrong_money (
    provider_payment_id text    not null,
    payment_id          uuid    not null,
    received            bigint  not null,
    currency            char(3) not null,
    constraint wrong_money_pkey primary key (provider_payment_id)
);
create index wrong_money_payment_idx on wrong_money (payment_id);

-- Open in what was heard before.
alter table foreign_refunds
    add column amount   bigint,
    add column currency char(3);
alter table disputes
    add column state      text,
    add column order_id   uuid,
    add column amount     bigint,
    add column currency   char(3),
    add column opened_at  timestamptz,
    add column respond_by timestamptz;

-- What payment, invoice and email did for an order, each with its trace.
create table order_trail (
    event_id   uuid        not null,
    order_id   uuid        not null,
    event      text        not null,
    subject_id uuid        not null,
    amount     bigint,
    currency   char(3),
    detail     text,
    trace_id   text,
    at         timestamptz not null,
    constraint order_trail_pkey primary key (event_id),
    constraint order_trail_amount_check check ((amount is null) = (currency is null))
);
create index order_trail_order_idx on order_trail (order_id, at, event_id);
