-- Money that goes back: refunds, what was credited of each share, and the accounts that it moves over.
set local lock_timeout = '5s';

create table refunds (
    refund_id           uuid        constraint refunds_pkey primary key,
    -- In the order in which they were asked for.
    seq                 bigint      generated always as identity constraint refunds_seq_key unique,
    payment_id          uuid        not null constraint refunds_payment_id_fkey references payments,
    kind                text        not null
        constraint refunds_kind_check check (kind in ('credit', 'late', 'second', 'mismatch', 'excess')),
    credit_id           uuid        constraint refunds_credit_id_key unique,
    seller_order_id     uuid,
    -- The capture that it pays back; none for cash.
    provider_payment_id text        constraint refunds_provider_payment_id_fkey references attempts,
    amount              bigint      not null constraint refunds_amount_check check (amount > 0),
    currency            char(3)     not null,
    status              text        not null
        constraint refunds_status_check check (status in ('requested', 'accepted', 'done', 'stuck', 'by_hand')),
    -- Which attempt at the provider is the present one, counted from 1.
    attempt             integer     not null constraint refunds_attempt_check check (attempt > 0),
    -- How many attempts failed at the provider.
    failures            integer     not null default 0 constraint refunds_failures_check check (failures >= 0),
    provider_refund_id  text        constraint refunds_provider_refund_id_key unique,
    -- The bank's number for the transfer.
    bank_reference      text,
    -- Why it did not succeed so far.
    reason              text,
    requested_at        timestamptz not null,
    updated_at          timestamptz not null,
    accepted_at         timestamptz,
    done_at             timestamptz,
    -- When the provider is asked next what became of it.
    next_look_at        timestamptz,
    version             bigint      not null,
    constraint refunds_credit_check check ((credit_id is not null) = (kind = 'credit')),
    constraint refunds_done_check check ((done_at is not null) = (status = 'done')),
    constraint refunds_accepted_check
        check (status <> 'accepted' or (provider_refund_id is not null and accepted_at is not null))
);
-- A capture that belongs to no order goes back once.
create unique index refunds_one_gives_a_capture_back_idx on refunds (provider_payment_id)
    where kind in ('late', 'second', 'mismatch');
create index refunds_payment_id_idx on refunds (payment_id);
create index refunds_provider_payment_id_idx on refunds (provider_payment_id);
create index refunds_status_idx on refunds (status, seq);

-- What was credited, once each, whether money had to move or not.
create table credits (
    credit_id       uuid        constraint credits_pkey primary key,
    payment_id      uuid        not null constraint credits_payment_id_fkey references payments,
    seller_order_id uuid        not null,
    amount          bigint      not null constraint credits_amount_check check (amount >= 0),
    currency        char(3)     not null,
    created_at      timestamptz not null
);
create index credits_payment_id_idx on credits (payment_id);

alter table shares
    add column credited_gross          bigint not null default 0,
    add column credited_taxable        bigint not null default 0,
    add column credited_commission     bigint not null default 0,
    add column credited_commission_tax bigint not null default 0,
    add column credited_tcs            bigint not null default 0,
    add column credited_tds            bigint not null default 0,
    add column credited_payable        bigint not null default 0,
    -- The cash that was taken: what was left of the gross at that time. None when an older build wrote it down: all of it.
    add column collected               bigint constraint shares_collected_check check (collected between 0 and gross),
    add constraint shares_credited_sum_check check (credited_gross =
        credited_payable + credited_commission + credited_commission_tax + credited_tcs + credited_tds),
    add constraint shares_credited_amounts_check
        check (least(credited_gross, credited_taxable, credited_commission, credited_commission_tax, credited_tcs,
                     credited_tds, credited_payable) >= 0),
    add constraint shares_credited_at_most_check
        check (credited_gross <= gross and credited_taxable <= taxable and credited_commission <= commission
               and credited_commission_tax <= commission_tax and credited_tcs <= tcs and credited_tds <= tds
               and credited_payable <= payable);

alter table accounts
    drop constraint accounts_kind_check,
    add constraint accounts_kind_check check (kind in ('asset', 'liability', 'income', 'expense'));
insert into accounts (code, kind) values
    ('bank', 'asset'),
    ('refunds_payable', 'liability');

-- A journal is whole when it is posted: nothing is added to it later, not even in pairs. None: it is older than this.
alter table journals add column posted_in xid8;
alter table journals alter column posted_in set default pg_current_xact_id();

create or replace function check_journal_balance() returns trigger language plpgsql as $$
begin
    if exists (select from postings where journal_id = new.journal_id group by currency having sum(amount) <> 0) then
        raise exception 'journal % does not sum to zero', new.journal_id
            using errcode = 'check_violation', constraint = 'postings_balance_check';
    end if;
    if exists (select from journals
                where journal_id = new.journal_id and posted_in is distinct from pg_current_xact_id()) then
        raise exception 'journal % was posted before', new.journal_id
            using errcode = 'restrict_violation', constraint = 'ledger_is_immutable';
    end if;
    return null;
end $$;
