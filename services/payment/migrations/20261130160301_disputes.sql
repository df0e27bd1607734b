-- Money that a buyer's bank asks back, or took.
set local lock_timeout = '5s';

create table disputes (
    dispute_id          uuid        constraint disputes_pkey primary key,
    -- In the order in which they were heard of.
    seq                 bigint      generated always as identity constraint disputes_seq_key unique,
    provider_dispute_id text        not null constraint disputes_provider_dispute_id_key unique,
    payment_id          uuid        not null constraint disputes_payment_id_fkey references payments,
    provider_payment_id text        not null constraint disputes_provider_payment_id_fkey references attempts,
    amount              bigint      not null constraint disputes_amount_check check (amount > 0),
    currency            char(3)     not null,
    state               text        not null constraint disputes_state_check check (state in ('open', 'won', 'lost')),
    -- Who bears what was lost, who of staff said so, and how much of it the sellers bear.
    bearer              text        constraint disputes_bearer_check check (bearer in ('sellers', 'platform')),
    borne_by            uuid,
    by_sellers          bigint      constraint disputes_by_sellers_check check (by_sellers between 0 and amount),
    opened_at           timestamptz not null,
    decided_at          timestamptz,
    constraint disputes_decided_check check ((decided_at is not null) = (state <> 'open')),
    constraint disputes_lost_check
        check (num_nulls(bearer, borne_by, by_sellers) in (0, 3) and (bearer is null or state = 'lost'))
);
create index disputes_payment_id_idx on disputes (payment_id);

-- Whether what was taken back pays for a dispute: then the buyer has the money already.
alter table credits add column disputed boolean not null default false;

insert into accounts (code, kind) values ('dispute_hold', 'asset'), ('chargeback_loss', 'expense');
