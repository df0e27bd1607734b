insert into products (id, vendor_id, title, description, category, hsn, gst_rate_bp, status, version, created_at, updated_at)
values ('01934e5f-0000-7000-8000-000000000014', '01934e5f-0000-7000-8000-00000000000a', 'Brass oil lamp', 'Hand-cast.', 'decor', '8306', 1800,
        'published', 1, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into variants (sku, product_id, vendor_id, position, options, price_minor, currency, created_at, updated_at)
values ('LAMP-BRASS-18', '01934e5f-0000-7000-8000-000000000014', '01934e5f-0000-7000-8000-00000000000a', 1, '{}', 129900, 'INR',
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into stock (sku, received, available, held, committed, shipped) values ('LAMP-BRASS-18', 100, 98, 0, 2, 0);
insert into movements (id, sku, kind, quantity, reason, made_by, checkout_id, made_at)
values ('01934e5f-0000-7000-8000-0000000000e0', 'LAMP-BRASS-18', 'receive', 100, 'received', '01934e5f-0000-7000-8000-00000000000b', null,
        '2026-11-22T12:00:00Z'),
       ('01934e5f-0000-7000-8000-0000000000e1', 'LAMP-BRASS-18', 'hold', 2, null, null, '01934e5f-0000-7000-8000-00000000001e',
        '2026-11-22T12:00:00Z'),
       ('01934e5f-0000-7000-8000-0000000000e2', 'LAMP-BRASS-18', 'commit', 2, null, null, '01934e5f-0000-7000-8000-00000000001e',
        '2026-11-22T12:00:00Z');
insert into reservations (checkout_id, order_id, state, expires_at, created_at, updated_at)
values ('01934e5f-0000-7000-8000-00000000001e', '01934e5f-0000-7000-8000-00000000001f', 'committed', '2026-11-22T12:20:00Z',
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into reservation_lines (checkout_id, sku, quantity) values ('01934e5f-0000-7000-8000-00000000001e', 'LAMP-BRASS-18', 2);
