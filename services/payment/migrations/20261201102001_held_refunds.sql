-- What is disputed is not given back as well: a refund waits until its dispute is decided, and one that is lost pays it.
set local lock_timeout = '5s';

-- How much of it paid refunds.
alter table disputes
    add column covered bigint not null default 0
        constraint disputes_covered_check check (covered >= 0 and covered + coalesce(by_sellers, 0) <= amount);

-- The dispute by which the buyer has the money.
alter table refunds
    add column dispute_id uuid constraint refunds_dispute_id_fkey references disputes
        constraint refunds_disputed_check check (dispute_id is null or (status = 'done' and accepted_at is null));

create index disputes_provider_payment_id_idx on disputes (provider_payment_id);
