insert into orders (order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply, payment_method, total, currency, state,
                    problems, payment_id, payment_status, version, placed_at, confirmed_at, state_since, updated_at)
values ('01934e5f-0000-7000-8000-00000000001f', '01934e5f-0000-7000-8000-00000000001e', 'M261122-000001',
        '01934e5f-0000-7000-8000-000000000001', '01934e5f-0000-7000-8000-000000000002', 1, '29', 'upi', 259800, 'INR', 'confirmed',
        '[]', '01934e5f-0000-7000-8000-000000000028', 'captured', 5,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into seller_orders (seller_order_id, order_id, position, number, vendor_id, vendor_name, state, shipping, tax, total, taxable, commission,
                           commission_tax, tcs, tds, payable, currency, version, created_at, updated_at)
values ('01934e5f-0000-7000-8000-000000000020', '01934e5f-0000-7000-8000-00000000001f', 1, 'M261122-000001-1',
        '01934e5f-0000-7000-8000-00000000000a', 'Lotus Home', 'confirmed', 0, 39631, 259800, 220169, 25980, 4676, 1101, 220, 227823, 'INR', 2,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into order_lines (seller_order_id, position, sku, product_id, title, hsn, gst_rate_bp, quantity, unit_price, total, taxable, tax)
values ('01934e5f-0000-7000-8000-000000000020', 1, 'LAMP-BRASS-18', '01934e5f-0000-7000-8000-000000000014', 'Brass oil lamp', '8306', 1800, 2,
        129900, 259800, 220169, 39631);
insert into order_events (order_id, seller_order_id, from_state, to_state, cause, at)
select '01934e5f-0000-7000-8000-00000000001f', part::uuid, step_from, step_to, 'test', '2026-11-22T12:00:00Z'
  from (values (null, null, 'placed'), (null, 'placed', 'reserving'), (null, 'reserving', 'reserved'), (null, 'reserved', 'awaiting_payment'),
               (null, 'awaiting_payment', 'confirmed'), ('01934e5f-0000-7000-8000-000000000020', null, 'pending'),
               ('01934e5f-0000-7000-8000-000000000020', 'pending', 'confirmed')) as steps (part, step_from, step_to);
