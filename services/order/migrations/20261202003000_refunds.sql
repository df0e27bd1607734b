-- Money that went back to a buyer, or is to: a copy of what payment-service says, for whoever looks at the order.
set local lock_timeout = '5s';

create table refund_copies (
    refund_id      uuid        constraint refund_copies_pkey primary key,
    order_id       uuid        not null,
    reason         text        not null constraint refund_copies_reason_check check (reason in (
        'credit', 'late', 'second', 'mismatch', 'excess', 'goodwill', 'foreign', 'other')),
    credit_id      uuid,
    amount         bigint      not null,
    currency       char(3)     not null,
    -- When it was owed, when a person had to act, and when it was with the buyer's bank; whatever was heard first.
    requested_at   timestamptz,
    delayed_at     timestamptz,
    done_at        timestamptz,
    bank_reference text,
    constraint refund_copies_at_check check (num_nonnulls(requested_at, delayed_at, done_at) > 0)
);
create index refund_copies_order_idx on refund_copies (order_id);

-- Of which refunds the timeline of their order says that they went back. Not of the copies: it is said once, however
-- often they are made anew.
create table refunds_told (
    refund_id uuid constraint refunds_told_pkey primary key
);
