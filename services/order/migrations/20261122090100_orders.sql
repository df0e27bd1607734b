-- Orders, what each seller supplies, and every step either took.
set local lock_timeout = '5s';

-- Order numbers may have gaps.
create sequence order_number;

create table orders (
    order_id           uuid        constraint orders_pkey primary key,
    checkout_id        uuid        not null constraint orders_checkout_id_key unique,
    number             text        not null constraint orders_number_key unique,
    buyer              uuid        not null,
    address_id         uuid        not null,
    address_version    integer     not null,
    place_of_supply    char(2)     not null,
    payment_method     text        not null constraint orders_payment_method_check check (payment_method in ('upi', 'cod')),
    total              bigint      not null constraint orders_total_check check (total >= 0),
    currency           char(3)     not null,
    state              text        not null constraint orders_state_check check (state in (
        'placed', 'reserving', 'reserved', 'awaiting_payment', 'awaiting_cod_ok', 'cancel_pending',
        'confirmed', 'rejected', 'cancelled')),
    -- When the state has lasted too long.
    due_at             timestamptz,
    problems           jsonb       not null,
    cancel_reason      text        constraint orders_cancel_reason_check check (cancel_reason in (
        'payment_window_over', 'buyer_cancelled', 'cod_refused')),
    payment_id         uuid        not null constraint orders_payment_id_key unique,
    payment_status     text        not null constraint orders_payment_status_check check (payment_status in (
        'not_requested', 'requested', 'created', 'captured', 'cancelled', 'cod_accepted', 'cod_refused')),
    provider_order_id  text,
    upi_intent         text,
    payment_expires_at timestamptz,
    -- Rises with everything a client can see of the order.
    version            bigint      not null,
    placed_at          timestamptz not null,
    confirmed_at       timestamptz,
    state_since        timestamptz not null,
    updated_at         timestamptz not null,
    constraint orders_due_at_check
        check ((due_at is not null) = (state in ('reserving', 'awaiting_payment', 'awaiting_cod_ok'))),
    constraint orders_confirmed_at_check check ((confirmed_at is not null) = (state = 'confirmed')),
    constraint orders_cancelled_check check (state not in ('cancel_pending', 'cancelled') or cancel_reason is not null)
);
create index orders_buyer_idx on orders (buyer, order_id desc);
create index orders_due_at_idx on orders (due_at) where due_at is not null;
create index orders_open_idx on orders (state, state_since) where state not in ('confirmed', 'rejected', 'cancelled');

-- Amounts are in the order's currency. The share of the money is frozen at placement.
create table seller_orders (
    seller_order_id uuid        constraint seller_orders_pkey primary key,
    order_id        uuid        not null constraint seller_orders_order_id_fkey references orders,
    position        integer     not null,
    number          text        not null constraint seller_orders_number_key unique,
    vendor_id       uuid        not null,
    vendor_name     text        not null,
    state           text        not null constraint seller_orders_state_check check (state in (
        'pending', 'confirmed', 'accepted', 'packed', 'shipped', 'delivered', 'completed', 'vendor_rejected',
        'sla_expired', 'buyer_cancelled', 'rto', 'returned', 'cancelled')),
    shipping        bigint      not null constraint seller_orders_shipping_check check (shipping >= 0),
    tax             bigint      not null,
    total           bigint      not null,
    taxable         bigint      not null,
    commission      bigint      not null,
    commission_tax  bigint      not null,
    tcs             bigint      not null,
    tds             bigint      not null,
    payable         bigint      not null,
    currency        char(3)     not null,
    carrier         text,
    tracking_number text,
    version         bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint seller_orders_vendor_key unique (order_id, vendor_id),
    constraint seller_orders_total_check check (total = taxable + tax),
    constraint seller_orders_share_check check (total = payable + commission + commission_tax + tcs + tds)
);
create index seller_orders_vendor_idx on seller_orders (vendor_id, seller_order_id desc)
    where state not in ('pending', 'cancelled');

create table order_lines (
    seller_order_id uuid    not null constraint order_lines_seller_order_id_fkey references seller_orders,
    position        integer not null,
    sku             text    not null,
    product_id      uuid    not null,
    title           text    not null,
    hsn             text    not null,
    gst_rate_bp     integer not null,
    quantity        integer not null constraint order_lines_quantity_check check (quantity > 0),
    unit_price      bigint  not null constraint order_lines_unit_price_check check (unit_price >= 0),
    total           bigint  not null,
    taxable         bigint  not null,
    tax             bigint  not null,
    constraint order_lines_pkey primary key (seller_order_id, position),
    constraint order_lines_total_check check (total = unit_price * quantity and total = taxable + tax)
);

-- Every step of an order (seller_order_id is null) and of its seller orders, in order. A row without states is a
-- remark. Rows are never changed.
create table order_events (
    seq             bigint      generated always as identity constraint order_events_pkey primary key,
    order_id        uuid        not null constraint order_events_order_id_fkey references orders,
    seller_order_id uuid        constraint order_events_seller_order_id_fkey references seller_orders,
    from_state      text,
    to_state        text,
    cause           text        not null,
    detail          text,
    at              timestamptz not null
);
create index order_events_order_idx on order_events (order_id, seq);
