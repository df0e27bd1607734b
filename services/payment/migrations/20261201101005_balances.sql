-- What each seller has available stands beside its lock, and moves with the postings: by triggers, because the release
-- before this one posts, too.
set local lock_timeout = '5s';

alter table vendor_balances add column available bigint not null default 0;

-- What moves in a transaction, until it commits; no row outlives its transaction. Sellers' rows are locked at the very end
-- and in one order, so that two batches of releases do not wait for each other in a circle.
create unlogged table vendor_balance_moves (
    moved_in  xid8    not null default pg_current_xact_id(),
    vendor_id uuid    not null,
    currency  char(3) not null,
    amount    bigint  not null
);
create index vendor_balance_moves_moved_in_idx on vendor_balance_moves (moved_in);

create function keep_vendor_balances() returns trigger language plpgsql as $$
begin
    -- The first row of a transaction takes all of them; the others find nothing.
    with moved as (
        delete from vendor_balance_moves where moved_in = pg_current_xact_id() returning vendor_id, currency, amount
    )
    insert into vendor_balances as b (vendor_id, currency, available)
    select vendor_id, currency, sum(amount) from moved group by vendor_id, currency order by vendor_id, currency
    on conflict (vendor_id, currency) do update set available = b.available + excluded.available;
    return null;
end $$;

create constraint trigger vendor_balance_moves_are_kept after insert on vendor_balance_moves
    deferrable initially deferred for each row execute function keep_vendor_balances();

create function move_vendor_balances() returns trigger language plpgsql as $$
begin
    insert into vendor_balance_moves (vendor_id, currency, amount)
    select a.vendor_id, n.currency, -sum(n.amount)
      from new_postings n join accounts a using (account_id)
     where a.code = 'vendor_payable_available'
     group by a.vendor_id, n.currency;
    return null;
end $$;

-- Waits for who is posting, and from then on everything that is posted counts.
create trigger postings_move_vendor_balances after insert on postings
    referencing new table as new_postings for each statement execute function move_vendor_balances();

-- What was posted before is counted by the next migration, which keeps nobody from posting.
create table vendor_balances_counted (posting_id bigint not null);
insert into vendor_balances_counted select coalesce(max(posting_id), 0) from postings;
