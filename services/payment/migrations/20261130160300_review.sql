-- Money that needs a person: wrong money is looked at, refunds by hand and goodwill have four eyes, and what somebody
-- gave back on the provider's own pages has a row.
set local lock_timeout = '5s';

create table reviews (
    -- What came, by its name at the provider.
    provider_payment_id text        constraint reviews_pkey primary key
        constraint reviews_provider_payment_id_fkey references attempts,
    -- In the order in which it came.
    seq                 bigint      generated always as identity constraint reviews_seq_key unique,
    payment_id          uuid        not null constraint reviews_payment_id_fkey references payments,
    opened_at           timestamptz not null,
    outcome             text        constraint reviews_outcome_check check (outcome in ('accepted', 'given_back')),
    -- Nobody, where the end of the order decided.
    decided_by          uuid,
    decided_at          timestamptz,
    constraint reviews_decided_check check ((outcome is null) = (decided_at is null))
);
create index reviews_open_idx on reviews (payment_id) where outcome is null;

-- What waits already.
insert into reviews (provider_payment_id, payment_id, opened_at)
select a.provider_payment_id, a.payment_id, a.updated_at
  from attempts a join payments p using (payment_id)
 where a.booked = 'suspense' and p.status = 'payment_review'
 order by a.updated_at;

create index attempts_suspense_idx on attempts (payment_id) where booked = 'suspense';

alter table refunds
    drop constraint refunds_kind_check,
    add constraint refunds_kind_check
        check (kind in ('credit', 'late', 'second', 'mismatch', 'excess', 'goodwill', 'foreign')),
    drop constraint refunds_status_check,
    add constraint refunds_status_check
        check (status in ('proposed', 'requested', 'accepted', 'done', 'stuck', 'by_hand', 'declined')),
    -- Why, in the words of whoever proposed it.
    add column words              text,
    add column proposed_by        uuid,
    -- Who agreed to it, or did not.
    add column approved_by        uuid,
    -- Who says that it was paid out by hand, and under which number at the bank.
    add column reported_by        uuid,
    add column reported_reference text,
    -- Who says so, too.
    add column confirmed_by       uuid,
    add constraint refunds_reported_check check ((reported_by is null) or (reported_reference is not null)),
    add constraint refunds_four_eyes_check
        check (proposed_by is distinct from approved_by or proposed_by is null or status in ('proposed', 'declined')),
    add constraint refunds_confirmed_check check (confirmed_by is null or confirmed_by <> reported_by);

-- What was reported before. Where one number stands for two, the first has it.
update refunds r set reported_reference = r.bank_reference
  from (select distinct on (upper(bank_reference)) refund_id
          from refunds where status = 'done' and provider_refund_id is null and bank_reference is not null
         order by upper(bank_reference), seq) first
 where r.refund_id = first.refund_id;
-- One transfer at a bank pays one refund.
create unique index refunds_reported_reference_key on refunds (upper(reported_reference));

-- What somebody gave back on the provider's own pages, until a credit takes it over.
create index refunds_foreign_idx on refunds (provider_payment_id) where kind = 'foreign';

insert into accounts (code, kind) values ('goodwill', 'expense');

create index payments_order_id_idx on payments (order_id);
