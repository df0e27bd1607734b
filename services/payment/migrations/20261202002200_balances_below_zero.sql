-- Since when what a seller has available is below nothing stands beside it, kept by the same triggers; and what is written
-- off of it.
set local lock_timeout = '5s';

alter table vendor_balances
    -- When it fell below nothing; none while it is not.
    add column negative_since  timestamptz,
    -- When it was said that it has been so for long.
    add column overdue_said_at timestamptz;
create index vendor_balances_negative_since_idx on vendor_balances (negative_since) where negative_since is not null;

alter table vendor_balance_moves add column posted_at timestamptz;

create or replace function keep_vendor_balances() returns trigger language plpgsql as $$
begin
    -- The first row of a transaction takes all of them; the others find nothing.
    with moved as (
        delete from vendor_balance_moves where moved_in = pg_current_xact_id()
        returning vendor_id, currency, amount, posted_at
    )
    insert into vendor_balances as b (vendor_id, currency, available, negative_since)
    select vendor_id, currency, sum(amount), case when sum(amount) < 0 then max(posted_at) end
      from moved group by vendor_id, currency order by vendor_id, currency
    on conflict (vendor_id, currency) do update
       set available = b.available + excluded.available,
           negative_since = case when b.available + excluded.available < 0
                                 then coalesce(b.negative_since, excluded.negative_since) end,
           overdue_said_at = case when b.available + excluded.available < 0 then b.overdue_said_at end;
    return null;
end $$;

create or replace function move_vendor_balances() returns trigger language plpgsql as $$
begin
    insert into vendor_balance_moves (vendor_id, currency, amount, posted_at)
    select a.vendor_id, n.currency, -sum(n.amount), max(j.posted_at)
      from new_postings n join accounts a using (account_id) join journals j using (journal_id)
     where a.code = 'vendor_payable_available'
     group by a.vendor_id, n.currency;
    return null;
end $$;

-- What sellers owed and will not pay: one member of staff says so, another one agrees.
create table write_offs (
    write_off_id uuid        constraint write_offs_pkey primary key,
    -- In the order in which they were proposed.
    seq          bigint      generated always as identity constraint write_offs_seq_key unique,
    vendor_id    uuid        not null,
    amount       bigint      not null constraint write_offs_amount_check check (amount > 0),
    currency     char(3)     not null,
    reason       text        not null,
    status       text        not null
        constraint write_offs_status_check check (status in ('proposed', 'booked', 'declined')),
    proposed_by  uuid        not null,
    proposed_at  timestamptz not null,
    decided_by   uuid,
    decided_at   timestamptz,
    constraint write_offs_decided_check
        check ((decided_by is null) = (status = 'proposed') and (decided_at is null) = (status = 'proposed')),
    constraint write_offs_two_people_check check (status <> 'booked' or decided_by <> proposed_by)
);
create unique index write_offs_one_waits_idx on write_offs (vendor_id, currency) where status = 'proposed';
