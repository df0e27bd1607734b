-- What was sold is taken back: the terms it was split by, what is left of each line, the credits, and how long a seller
-- has for each step.
set local lock_timeout = '5s';

alter table seller_orders
    -- By what the total was split. Of what was placed before, or is placed by the release before, nothing is kept: its
    -- share cannot be reckoned again for fewer pieces, so that only all of it together is taken back, as it was frozen.
    add column commission_bp integer constraint seller_orders_commission_bp_check check (commission_bp >= 0),
    add column supply        text    constraint seller_orders_supply_check
                                     check (supply in ('cgst_sgst', 'cgst_utgst', 'igst')),
    add column has_gstin     boolean,
    add column has_pan       boolean,
    -- Until when the next step has to be taken.
    add column due_at        timestamptz,
    -- In which state that was set: the release before moves on and sets neither, and then it means nothing.
    add column due_in        text,
    add constraint seller_orders_due_check check ((due_at is null) = (due_in is null)),
    add constraint seller_orders_terms_check
        check (num_nulls(commission_bp, supply, has_gstin, has_pan) in (0, 4)),
    drop constraint seller_orders_state_check,
    add constraint seller_orders_state_check check (state in (
        'pending', 'confirmed', 'accepted', 'packed', 'shipped', 'delivered', 'completed', 'vendor_rejected',
        'sla_expired', 'buyer_cancelled', 'staff_cancelled', 'unavailable', 'rto', 'rto_received', 'lost', 'returned',
        'cancelled'));

-- Nobody was told of a deadline so far: whoever is late already has three days from now, and a parcel that is on its
-- way thirty. What the release before moves while it still runs beside this one has none; its time begins with its last
-- step (deadlines.rs).
update seller_orders set due_at = now() + interval '72 hours', due_in = state
where state in ('confirmed', 'accepted', 'packed');
update seller_orders set due_at = now() + interval '30 days', due_in = state
where state in ('shipped', 'rto');

create index seller_orders_due_at_idx on seller_orders (due_at)
    where state in ('confirmed', 'accepted', 'packed', 'shipped', 'rto');

-- How many pieces were taken back before they were shipped, how many came back, and how many the carrier lost.
alter table order_lines
    add column cancelled integer not null default 0,
    add column returned  integer not null default 0,
    add column lost      integer not null default 0,
    add constraint order_lines_left_check
        check (least(cancelled, returned, lost) >= 0 and cancelled + returned + lost <= quantity);

-- What was taken back of a seller order, and how much of its total and of each share of it. Rows are never changed.
create table credits (
    credit_id       uuid        constraint credits_pkey primary key,
    seller_order_id uuid        not null constraint credits_seller_order_id_fkey references seller_orders,
    nth             integer     not null constraint credits_nth_check check (nth > 0),
    cause           text        not null constraint credits_cause_check check (cause in (
        'buyer_cancelled', 'staff_cancelled', 'vendor_rejected', 'sla_expired', 'unavailable', 'returned_to_origin',
        'lost', 'returned')),
    reason          text,
    -- Whose decision it was; nobody's when time decided.
    who             uuid,
    at              timestamptz not null,
    gross           bigint      not null,
    taxable         bigint      not null,
    commission      bigint      not null,
    commission_tax  bigint      not null,
    tcs             bigint      not null,
    tds             bigint      not null,
    payable         bigint      not null,
    currency        char(3)     not null,
    constraint credits_nth_key unique (seller_order_id, nth),
    constraint credits_share_check check (gross = payable + commission + commission_tax + tcs + tds),
    constraint credits_sign_check
        check (least(gross, taxable, commission, commission_tax, tcs, tds, payable) >= 0)
);

create table credit_lines (
    credit_id uuid    not null constraint credit_lines_credit_id_fkey references credits,
    -- As in order_lines.
    position  integer not null,
    quantity  integer not null constraint credit_lines_quantity_check check (quantity > 0),
    total     bigint  not null,
    taxable   bigint  not null constraint credit_lines_taxable_check check (taxable >= 0),
    tax       bigint  not null constraint credit_lines_tax_check check (tax >= 0),
    stock     text    not null constraint credit_lines_stock_check
                               check (stock in ('uncommit', 'restock', 'write_off', 'none')),
    constraint credit_lines_pkey primary key (credit_id, position),
    constraint credit_lines_total_check check (total = taxable + tax)
);
