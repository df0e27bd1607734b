-- What the provider settled to our bank, day by day, against what our books have.
set local lock_timeout = '5s';

create table reconciliations (
    -- By India's calendar.
    day        date        constraint reconciliations_pkey primary key,
    -- The how many-th time it is gone through.
    run        integer     not null constraint reconciliations_run_check check (run > 0),
    state      text        not null constraint reconciliations_state_check check (state in ('running', 'done')),
    started_at timestamptz not null,
    done_at    timestamptz
);

-- The provider's rows, once each.
create table settlement_rows (
    settlement_id text    not null,
    kind          text    not null
        constraint settlement_rows_kind_check check (kind in ('payment', 'refund', 'dispute', 'other')),
    entity_id     text    not null,
    -- What it is about: the provider's name for the capture, the refund or the dispute.
    name          text    not null,
    day           date    not null constraint settlement_rows_day_fkey references reconciliations,
    currency      char(3) not null,
    -- What went to our bank, negative where it came from there.
    net           bigint  not null,
    -- What the provider kept of it, and the GST in that.
    fee           bigint  not null,
    tax           bigint  not null,
    bank_reference text,
    constraint settlement_rows_pkey primary key (settlement_id, kind, entity_id),
    constraint settlement_rows_fee_check check (fee >= 0 and tax >= 0 and tax <= fee)
);
create index settlement_rows_day_idx on settlement_rows (day, kind, name);
create index settlement_rows_name_idx on settlement_rows (name);

-- What was booked of it.
create table settlements (
    settlement_id  text        not null,
    currency       char(3)     not null,
    day            date        not null constraint settlements_day_fkey references reconciliations,
    net            bigint      not null,
    fee            bigint      not null,
    tax            bigint      not null,
    bank_reference text,
    booked_at      timestamptz not null,
    constraint settlements_pkey primary key (settlement_id, currency)
);
create index settlements_day_idx on settlements (day);

create table differences (
    difference_id bigint      generated always as identity constraint differences_pkey primary key,
    -- The day in whose rows it was found.
    day           date        not null constraint differences_day_fkey references reconciliations,
    kind          text        not null constraint differences_kind_check
        check (kind in ('payment', 'refund', 'dispute', 'settlement', 'other')),
    name          text        not null,
    why           text        not null constraint differences_why_check check (why in ('unknown', 'missing', 'amount')),
    -- What our books have, and what the provider says.
    ours          bigint,
    theirs        bigint,
    currency      char(3)     not null,
    found_at      timestamptz not null,
    -- When it was looked at again and was none any more.
    resolved_at   timestamptz
);
create index differences_day_idx on differences (day);
create unique index differences_open_key on differences (kind, name, why) where resolved_at is null;

create index attempts_captured_idx on attempts (updated_at) where status = 'captured';
create index refunds_done_at_idx on refunds (done_at) where provider_refund_id is not null;

insert into accounts (code, kind) values ('psp_fees', 'expense'), ('input_gst', 'asset');
