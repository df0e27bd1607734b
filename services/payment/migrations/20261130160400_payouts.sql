-- Sellers are paid: runs, payouts, where sellers stand, and the months that were closed.
set local lock_timeout = '5s';

-- A copy: who may be paid.
create table sellers (
    vendor_id   uuid    constraint sellers_pkey primary key,
    is_approved boolean not null,
    version     bigint  not null
);

-- Locked by whatever takes from what a seller is owed, so that a payout and a credit take turns.
create table vendor_balances (
    vendor_id uuid    not null,
    currency  char(3) not null,
    constraint vendor_balances_pkey primary key (vendor_id, currency)
);

-- A day on which sellers are paid.
create table payout_runs (
    run_on     date        constraint payout_runs_pkey primary key,
    started_at timestamptz not null
);

create table payouts (
    payout_id          uuid        constraint payouts_pkey primary key,
    -- In the order in which they were made.
    seq                bigint      generated always as identity constraint payouts_seq_key unique,
    run_on             date        not null constraint payouts_run_on_fkey references payout_runs,
    vendor_id          uuid        not null,
    amount             bigint      not null constraint payouts_amount_check check (amount > 0),
    currency           char(3)     not null,
    status             text        not null
        constraint payouts_status_check check (status in ('requested', 'accepted', 'paid', 'failed', 'returned')),
    provider_payout_id text        constraint payouts_provider_payout_id_key unique,
    -- The bank's number for the transfer.
    bank_reference     text,
    -- Why it came to nothing.
    reason             text,
    requested_at       timestamptz not null,
    accepted_at        timestamptz,
    paid_at            timestamptz,
    -- When it came to nothing.
    back_at            timestamptz,
    updated_at         timestamptz not null,
    version            bigint      not null,
    constraint payouts_once_a_run_key unique (run_on, vendor_id),
    constraint payouts_back_check check ((back_at is not null) = (status in ('failed', 'returned'))),
    constraint payouts_paid_check check (status <> 'paid' or paid_at is not null),
    constraint payouts_accepted_check
        check (status <> 'accepted' or (provider_payout_id is not null and accepted_at is not null))
);
create index payouts_vendor_id_idx on payouts (vendor_id);
create index payouts_status_idx on payouts (status, seq);

-- The months of which is said what the platform charged.
create table commission_months (
    month     date        constraint commission_months_pkey primary key,
    closed_at timestamptz not null
);

-- Of each seller, in paise.
create table commission_closings (
    month                    date    not null
        constraint commission_closings_month_fkey references commission_months,
    vendor_id                uuid    not null,
    currency                 char(3) not null,
    charged                  bigint  not null,
    charged_tax              bigint  not null,
    taken_back               bigint  not null,
    taken_back_tax           bigint  not null,
    taken_back_of_before     bigint  not null,
    taken_back_of_before_tax bigint  not null,
    constraint commission_closings_pkey primary key (month, vendor_id, currency)
);

-- Payouts are for no payment.
alter table journals alter column payment_id drop not null;
create index journals_posted_at_idx on journals (posted_at);
create index postings_seller_order_id_idx on postings (seller_order_id) where seller_order_id is not null;

-- Nobody changes what was posted, not even whoever owns the table and might drop the triggers by mistake. One column of
-- the journals stays: the lock that a posting takes on its journal asks for it. The trigger refuses its change.
revoke update, delete, truncate on postings from current_user;
revoke update, delete, truncate on journals from current_user;
grant update (journal_id) on journals to current_user;
