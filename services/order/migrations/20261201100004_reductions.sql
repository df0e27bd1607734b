-- Staff reduce the price of what a buyer keeps, at the seller's cost.
set local lock_timeout = '5s';

alter table credits
    drop constraint credits_cause_check,
    add constraint credits_cause_check check (cause in (
        'buyer_cancelled', 'staff_cancelled', 'vendor_rejected', 'sla_expired', 'unavailable', 'returned_to_origin',
        'lost', 'returned', 'disputed', 'price_reduced'));

-- A line whose price is reduced loses no piece.
alter table credit_lines
    drop constraint credit_lines_quantity_check,
    add constraint credit_lines_quantity_check check (quantity > 0 or quantity = 0 and stock = 'none' and total > 0);

create table reductions (
    reduction_id    uuid        constraint reductions_pkey primary key,
    seller_order_id uuid        not null constraint reductions_seller_order_id_fkey references seller_orders,
    amount          bigint      not null constraint reductions_amount_check check (amount > 0),
    currency        char(3)     not null,
    reason          text        not null,
    state           text        not null constraint reductions_state_check
                                         check (state in ('proposed', 'done', 'declined')),
    proposed_by     uuid        not null,
    -- Who agreed or declined. Of what one may do alone, nobody.
    decided_by      uuid,
    credit_id       uuid        constraint reductions_credit_id_fkey references credits
                                constraint reductions_credit_id_key unique,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint reductions_done_check check ((credit_id is not null) = (state = 'done')),
    constraint reductions_hands_check check (state <> 'done' or decided_by is distinct from proposed_by)
);
create index reductions_proposed_idx on reductions (reduction_id) where state = 'proposed';
