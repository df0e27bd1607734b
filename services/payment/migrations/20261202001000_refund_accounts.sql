-- Where buyers who paid in cash want it back, and to which of these accounts, or why to none, each refund was paid.
set local lock_timeout = '5s';

create table refund_accounts (
    payment_id uuid        constraint refund_accounts_pkey primary key
        constraint refund_accounts_payment_id_fkey references payments,
    buyer      uuid        not null,
    -- A UPI address, sealed for this payment.
    sealed     text        not null,
    -- Which one it is, counted from 1.
    edition    integer     not null constraint refund_accounts_edition_check check (edition > 0),
    given_at   timestamptz not null
);

-- A copy: who asked to be forgotten.
create table erased_buyers (
    user_id uuid constraint erased_buyers_pkey primary key
);

alter table refunds
    -- Which edition of the buyer's account was known to whoever reported that it was paid there.
    add column paid_to         integer,
    -- Why it was paid somewhere else, in the words of whoever reported it.
    add column without_account text;
update refunds set without_account = 'It was reported before accounts were kept.'
 where provider_payment_id is null and (reported_by is not null or status = 'done');
