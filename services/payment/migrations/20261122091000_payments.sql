-- Payments, how they are shared, every attempt to pay them, and what the provider told about them.
set local lock_timeout = '5s';

create table payments (
    payment_id        uuid        constraint payments_pkey primary key,
    -- In the order of arrival; ids are chosen by the order service.
    seq               bigint      generated always as identity constraint payments_seq_key unique,
    checkout_id       uuid        not null,
    order_id          uuid        not null,
    order_number      text        not null,
    buyer             uuid        not null,
    method            text        not null constraint payments_method_check check (method in ('upi', 'cod')),
    amount            bigint      not null constraint payments_amount_check check (amount > 0),
    currency          char(3)     not null,
    status            text        not null constraint payments_status_check check (status in (
        'created', 'pending', 'failed', 'captured', 'payment_review', 'captured_late', 'cancelled',
        'cod_accepted', 'cod_refused', 'cod_collected', 'cod_void')),
    provider_order_id text        constraint payments_provider_order_id_key unique,
    upi_intent        text,
    -- The provider is being asked for a way to pay.
    opening           boolean     not null,
    checks            integer     not null constraint payments_checks_check check (checks >= 0),
    -- When to ask the provider what became of it.
    next_check_at     timestamptz,
    expires_at        timestamptz not null,
    version           bigint      not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null
);
create index payments_next_check_at_idx on payments (next_check_at) where next_check_at is not null;
create index payments_status_idx on payments (status, seq);

-- A wish to cancel that overtook the wish to create.
create table early_cancels (
    payment_id uuid        constraint early_cancels_pkey primary key,
    created_at timestamptz not null
);

create table shares (
    payment_id      uuid        not null constraint shares_payment_id_fkey references payments,
    seller_order_id uuid        not null,
    vendor_id       uuid        not null,
    currency        char(3)     not null,
    gross           bigint      not null,
    taxable         bigint      not null,
    commission      bigint      not null,
    commission_tax  bigint      not null,
    tcs             bigint      not null,
    tds             bigint      not null,
    payable         bigint      not null,
    collected_at    timestamptz,
    created_at      timestamptz not null,
    constraint shares_pkey primary key (payment_id, seller_order_id),
    constraint shares_sum_check check (gross = payable + commission + commission_tax + tcs + tds),
    constraint shares_amounts_check
        check (least(gross, taxable, commission, commission_tax, tcs, tds, payable) >= 0)
);
create index shares_seller_order_id_idx on shares (seller_order_id);

create table attempts (
    provider_payment_id text        constraint attempts_pkey primary key,
    payment_id          uuid        not null constraint attempts_payment_id_fkey references payments,
    status              text        not null
        constraint attempts_status_check check (status in ('pending', 'failed', 'captured')),
    amount              bigint      not null constraint attempts_amount_check check (amount >= 0),
    currency            char(3)     not null,
    reason              text,
    -- Where the money of a capture went in the ledger.
    booked              text        constraint attempts_booked_check check (booked in ('order', 'suspense')),
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    constraint attempts_booked_captured_check check ((booked is not null) = (status = 'captured'))
);
create index attempts_payment_id_idx on attempts (payment_id);
create unique index attempts_one_pays_the_order_idx on attempts (payment_id) where booked = 'order';

create table webhooks (
    event_id          text        constraint webhooks_pkey primary key,
    event             text,
    provider_order_id text,
    body              bytea       not null,
    outcome           text        constraint webhooks_outcome_check check (outcome in (
        'taken', 'unmatched', 'noted', 'unreadable')),
    received_at       timestamptz not null,
    settled_at        timestamptz
);
create index webhooks_unmatched_idx on webhooks (provider_order_id) where outcome = 'unmatched';

-- A copy: which parcels reached their buyers.
create table deliveries (
    seller_order_id uuid        constraint deliveries_pkey primary key,
    delivered_at    timestamptz not null
);
