-- What sellers see of each part that they sold: found by seller, and with why something was taken back.
set local lock_timeout = '5s';

-- Open of what was taken back before it was kept.
alter table credits add column cause text;

create index shares_vendor_id_created_at_idx on shares (vendor_id, created_at, seller_order_id);
