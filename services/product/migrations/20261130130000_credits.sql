-- What was sold and is taken back: its pieces go back on the shelf, or are lost.
set local lock_timeout = '5s';

alter table movements
    add column credit_id uuid,
    drop constraint movements_kind_check,
    add constraint movements_kind_check
        check (kind in ('receive', 'adjust', 'hold', 'release', 'expire', 'commit', 'ship',
                        'uncommit', 'restock', 'lose')) not valid,
    drop constraint movements_ship_check,
    add constraint movements_ship_check
        check ((kind in ('ship', 'uncommit', 'restock', 'lose')) = (seller_order_id is not null)) not valid,
    add constraint movements_credit_check
        check ((kind in ('uncommit', 'restock', 'lose')) = (credit_id is not null)) not valid,
    drop constraint movements_ship_key;
alter table movements validate constraint movements_kind_check;
alter table movements validate constraint movements_ship_check;
alter table movements validate constraint movements_credit_check;
create unique index movements_ship_key on movements (seller_order_id, sku) where kind = 'ship';
create unique index movements_credit_key on movements (credit_id, sku, kind) where credit_id is not null;

-- Of the quantity: what is left to ship is quantity - shipped - credited, what is out is shipped - returned.
alter table reservation_lines
    add column credited bigint not null default 0,
    add column returned bigint not null default 0,
    add constraint reservation_lines_credited_check
        check (credited >= 0 and shipped + credited <= quantity) not valid,
    add constraint reservation_lines_returned_check check (returned between 0 and shipped) not valid;
-- Until now a commit that failed took nothing at all: nothing of it is left to ship.
update reservation_lines l set credited = l.quantity
  from reservations r where r.checkout_id = l.checkout_id and r.state = 'commit_failed';
alter table reservation_lines validate constraint reservation_lines_credited_check;
alter table reservation_lines validate constraint reservation_lines_returned_check;

-- One row per credit that was acted on: a second word of it changes nothing.
create table credits_seen (
    credit_id       uuid        not null,
    seller_order_id uuid        not null,
    checkout_id     uuid        not null,
    created_at      timestamptz not null,
    constraint credits_seen_pkey primary key (credit_id)
);
