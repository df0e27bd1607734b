-- What buyers send back.
set local lock_timeout = '5s';

create table returns (
    return_id       uuid        constraint returns_pkey primary key,
    order_id        uuid        not null constraint returns_order_id_fkey references orders,
    seller_order_id uuid        not null constraint returns_seller_order_id_fkey references seller_orders,
    vendor_id       uuid        not null,
    reason          text        not null constraint returns_reason_check check (reason in (
        'damaged', 'defective', 'wrong_item', 'not_as_described', 'does_not_fit', 'changed_mind')),
    state           text        not null constraint returns_state_check check (state in (
        'requested', 'approved', 'sent_back', 'refused', 'refusal_contested', 'goods_contested', 'credited',
        'refused_for_good', 'withdrawn', 'expired')),
    -- When time takes the next step. At an end there is none: a return is open as long as it has one.
    due_at          timestamptz,
    -- How it came back.
    condition       text        constraint returns_condition_check check (condition in ('resellable', 'damaged')),
    carrier         text,
    tracking_number text,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint returns_due_check
        check ((due_at is null) = (state in ('credited', 'refused_for_good', 'withdrawn', 'expired'))),
    constraint returns_credited_check check ((condition is not null) = (state = 'credited'))
);
create index returns_order_idx on returns (order_id, return_id desc);
create index returns_vendor_idx on returns (vendor_id, return_id desc);
create index returns_contested_idx on returns (return_id) where state in ('refusal_contested', 'goods_contested');
create index returns_open_idx on returns (seller_order_id) where due_at is not null;
create index returns_due_at_idx on returns (due_at) where due_at is not null;

create table return_lines (
    return_id uuid    not null constraint return_lines_return_id_fkey references returns,
    -- As in order_lines.
    position  integer not null,
    quantity  integer not null constraint return_lines_quantity_check check (quantity > 0),
    constraint return_lines_pkey primary key (return_id, position)
);

-- Every step of every return, with what was said. Rows are never changed.
create table return_steps (
    seq       bigint      generated always as identity constraint return_steps_pkey primary key,
    return_id uuid        not null constraint return_steps_return_id_fkey references returns,
    act       text        not null constraint return_steps_act_check check (act in (
        'request', 'approve', 'refuse', 'withdraw', 'send_back', 'receive', 'contest_refusal', 'contest_goods',
        'decide_approve', 'decide_credit', 'decide_refuse', 'time_over')),
    to_state  text        not null,
    -- Whose step it was; nobody's when time took it.
    who       uuid,
    words     text,
    at        timestamptz not null
);
create index return_steps_return_idx on return_steps (return_id, seq);

-- A return is credited once.
alter table credits
    add column return_id uuid constraint credits_return_id_fkey references returns
                              constraint credits_return_id_key unique;
