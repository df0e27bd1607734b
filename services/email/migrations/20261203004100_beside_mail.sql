-- Of which orders a bank asks money back, or took it.
create table disputes (
    dispute_id uuid not null,
    order_id   uuid not null,
    constraint disputes_pkey primary key (dispute_id)
);
create index disputes_order_idx on disputes (order_id);

-- What is taken back waits a little for its credit note, so that both are told in one mail. Whichever comes first makes the
-- row, and its lock lets the two kinds of events take turns.
create table credits (
    credit_id  uuid        not null,
    heard      jsonb,
    note       jsonb,
    is_told    boolean     not null default false,
    created_at timestamptz not null,
    constraint credits_pkey primary key (credit_id)
);
