-- What returns to the tax offices are made from: the terms of what was taken back, whose registration it is, and what
-- each closed month comes to.
set local lock_timeout = '5s';

-- Open of what was taken back before they were kept.
alter table credits
    add column taxable bigint constraint credits_taxable_check check (taxable >= 0),
    add column terms   jsonb;

-- A copy: the registration of each seller.
create table seller_tax (
    vendor_id uuid   constraint seller_tax_pkey primary key,
    gstin     text,
    version   bigint not null
);

create table tax_months (
    month     date        constraint tax_months_pkey primary key,
    closed_at timestamptz not null
);

-- Added up from what was posted in the month; amounts are owed to the state, in minor units.
create table tax_closings (
    month           date    not null constraint tax_closings_month_fkey references tax_months,
    kind            text    not null constraint tax_closings_kind_check check (kind in ('tcs', 'tds', 'gst')),
    -- None of tax on what the platform earned.
    vendor_id       uuid,
    -- GST state of the buyers, and whether the supply crossed a border. None of what was sold before it was kept, and
    -- where it does not matter.
    place_of_supply char(2),
    supply          text    constraint tax_closings_supply_check check (supply in ('intra', 'inter')),
    -- As it was when the month was closed.
    gstin           text,
    currency        char(3) not null,
    -- On what the tax is reckoned: what was sold, and what of it was taken back.
    sold            bigint  not null,
    taken_back      bigint  not null,
    -- What the postings of the month come to; below nothing when more was taken back.
    net             bigint  not null,
    -- What of earlier months was below nothing.
    carried         bigint  not null constraint tax_closings_carried_check check (carried <= 0),
    -- What has to be deposited; what is below nothing is carried on.
    due             bigint  not null
        constraint tax_closings_due_check check (due = greatest(net + carried, 0)),
    constraint tax_closings_key unique nulls not distinct (month, kind, vendor_id, place_of_supply, supply)
);

-- What was paid to the tax offices: one member of staff reports it, another one agrees.
create table tax_deposits (
    deposit_id  uuid        constraint tax_deposits_pkey primary key,
    -- In the order in which they were reported.
    seq         bigint      generated always as identity constraint tax_deposits_seq_key unique,
    kind        text        not null constraint tax_deposits_kind_check check (kind in ('tcs', 'tds', 'gst')),
    month       date        not null constraint tax_deposits_month_fkey references tax_months,
    amount      bigint      not null constraint tax_deposits_amount_check check (amount > 0),
    currency    char(3)     not null,
    -- The number of the challan.
    reference   text        not null,
    status      text        not null
        constraint tax_deposits_status_check check (status in ('proposed', 'booked', 'declined')),
    proposed_by uuid        not null,
    proposed_at timestamptz not null,
    decided_by  uuid,
    decided_at  timestamptz,
    constraint tax_deposits_decided_check
        check ((decided_by is null) = (status = 'proposed') and (decided_at is null) = (status = 'proposed')),
    constraint tax_deposits_two_people_check check (status <> 'booked' or decided_by <> proposed_by)
);
create unique index tax_deposits_reference_idx on tax_deposits (reference) where status <> 'declined';
create index tax_deposits_month_idx on tax_deposits (month, kind) where status <> 'declined';
