-- Pieces that were sent and that the buyer's bank paid back are counted on their own. They stay among the `lost` ones, for
-- the release before reckons with those what is left.
set local lock_timeout = '5s';

alter table order_lines
    add column settled integer not null default 0,
    add constraint order_lines_settled_check check (settled between 0 and lost);

update order_lines o
set settled = paid.back
from (select c.seller_order_id, l.position, sum(l.quantity) as back
      from credits c
      join credit_lines l using (credit_id)
      where c.cause = 'disputed' and l.stock <> 'uncommit'
      group by c.seller_order_id, l.position) as paid
where o.seller_order_id = paid.seller_order_id and o.position = paid.position and paid.back > 0;

-- Cash that was taken at the door: a copy of what payment-service says, for whoever looks at the order.
create table cash_copies (
    seller_order_id uuid        constraint cash_copies_pkey primary key,
    order_id        uuid        not null,
    amount          bigint      not null,
    currency        char(3)     not null,
    at              timestamptz not null
);
