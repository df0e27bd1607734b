-- How many there are, every move of them, and what is held for whom.
set local lock_timeout = '5s';

create table stock (
    sku       text   not null,
    received  bigint not null default 0,
    available bigint not null default 0,
    held      bigint not null default 0,
    committed bigint not null default 0,
    shipped   bigint not null default 0,
    constraint stock_pkey primary key (sku),
    constraint stock_sku_fkey foreign key (sku) references variants (sku),
    constraint stock_available_check check (available >= 0),
    constraint stock_held_check check (held >= 0),
    constraint stock_committed_check check (committed >= 0),
    constraint stock_shipped_check check (shipped >= 0),
    constraint stock_adds_up_check check (available + held + committed = received - shipped)
);

create table movements (
    id              uuid        not null,
    sku             text        not null,
    kind            text        not null,
    quantity        bigint      not null,
    reason          text,
    made_by         uuid,
    checkout_id     uuid,
    seller_order_id uuid,
    made_at         timestamptz not null,
    constraint movements_pkey primary key (id),
    constraint movements_sku_fkey foreign key (sku) references stock (sku),
    constraint movements_kind_check
        check (kind in ('receive', 'adjust', 'hold', 'release', 'expire', 'commit', 'ship')),
    constraint movements_quantity_check
        check (case when kind = 'adjust' then quantity < 0 else quantity > 0 end),
    constraint movements_cause_check
        check (case
                   when kind in ('receive', 'adjust')
                   then reason is not null and made_by is not null and checkout_id is null
                   else checkout_id is not null
               end),
    constraint movements_ship_check check ((kind = 'ship') = (seller_order_id is not null)),
    constraint movements_ship_key unique (seller_order_id, sku)
);
create index movements_sku_idx on movements (sku, id);
create index movements_checkout_id_idx on movements (checkout_id);

create function movements_stay() returns trigger language plpgsql as $$
begin
    raise exception 'movements are only ever added';
end
$$;
create trigger movements_stay before update or delete on movements
    for each row execute function movements_stay();

create table reservations (
    checkout_id uuid        not null,
    order_id    uuid        not null,
    state       text        not null,
    expires_at  timestamptz,
    problems    jsonb,
    missing     text[],
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint reservations_pkey primary key (checkout_id),
    constraint reservations_state_check
        check (state in ('new', 'held', 'rejected', 'committed', 'commit_failed', 'released', 'expired')),
    constraint reservations_expires_at_check check (state <> 'held' or expires_at is not null),
    constraint reservations_problems_check check ((state = 'rejected') = (problems is not null)),
    constraint reservations_missing_check check ((state = 'commit_failed') = (missing is not null))
);
create index reservations_due_idx on reservations (expires_at) where state = 'held';

create table reservation_lines (
    checkout_id uuid   not null,
    sku         text   not null,
    quantity    bigint not null,
    shipped     bigint not null default 0,
    constraint reservation_lines_pkey primary key (checkout_id, sku),
    constraint reservation_lines_checkout_id_fkey
        foreign key (checkout_id) references reservations (checkout_id),
    constraint reservation_lines_quantity_check check (quantity > 0),
    constraint reservation_lines_shipped_check check (shipped between 0 and quantity)
);
create index reservation_lines_sku_idx on reservation_lines (sku);

-- One row per seller order that was shipped: a second word of it changes nothing, an early one waits for the commit.
create table shipments (
    seller_order_id uuid        not null,
    checkout_id     uuid        not null,
    lines           jsonb       not null,
    applied_at      timestamptz,
    created_at      timestamptz not null,
    constraint shipments_pkey primary key (seller_order_id)
);
create index shipments_waiting_idx on shipments (checkout_id) where applied_at is null;
