-- Financial years of which sellers were charged what is left of the income tax that was deposited for sales that were
-- taken back.
set local lock_timeout = '5s';

create table tax_years (
    -- Its first day.
    year      date        constraint tax_years_pkey primary key,
    closed_at timestamptz not null
);

create table tax_charges (
    year       date        not null constraint tax_charges_year_fkey references tax_years,
    vendor_id  uuid        not null,
    currency   char(3)     not null,
    amount     bigint      not null constraint tax_charges_amount_check check (amount > 0),
    charged_at timestamptz not null,
    constraint tax_charges_pkey primary key (year, vendor_id, currency)
);
