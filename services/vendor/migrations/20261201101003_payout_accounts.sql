-- Whether the payment provider knows where a seller is paid. A row for each seller that was ever approved.
set local lock_timeout = '5s';

create table payout_accounts (
    vendor_id    uuid        constraint payout_accounts_pkey primary key
        constraint payout_accounts_vendor_id_fkey references vendors,
    -- The how many-th account of the seller it is, from 1.
    edition      integer     not null constraint payout_accounts_edition_check check (edition >= 1),
    state        text        not null
        constraint payout_accounts_state_check check (state in ('pending', 'registered', 'refused')),
    -- From when on the seller may be paid to it.
    payable_from timestamptz not null,
    updated_at   timestamptz not null
);
