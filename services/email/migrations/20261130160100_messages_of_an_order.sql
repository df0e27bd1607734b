-- Staff look for the mails about one order.
set local lock_timeout = '5s';

-- Of what came before only as much is known as its reference says.
alter table messages add column order_id uuid;
update messages set order_id = reference::uuid
where kind in ('order_confirmation', 'order_cancelled', 'order_rejected') and resend_of is null;
update messages m set order_id = i.order_id from confirmation_invoices i
where m.kind in ('new_seller_order', 'shipped') and m.resend_of is null and m.reference = i.seller_order_id::text;
create index messages_order_id_idx on messages (order_id, message_id desc) where order_id is not null;
