-- Parts end with their order, in the order's word. So far they stayed where they were placed.
set local lock_timeout = '5s';

update order_parts p
set status = 'cancelled', rank = 9
from orders o
where o.id = p.order_id and o.status in ('cancelled', 'rejected') and p.rank < 9;
