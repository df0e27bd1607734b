insert into confirmations (order_id, buyer_id, parts, receipt, created_at)
values ('01934e5f-0000-7000-8000-00000000001f', '01934e5f-0000-7000-8000-000000000001', 1, '{}', '2026-11-22T12:00:00Z');
insert into confirmation_invoices (order_id, seller_order_id, invoice_id, number, vendor_id, total, currency, sealed_link)
values ('01934e5f-0000-7000-8000-00000000001f', '01934e5f-0000-7000-8000-000000000020', '01934e5f-0000-7000-8000-000000000032', 'A1B2/2627/000001',
        '01934e5f-0000-7000-8000-00000000000a', 259800, 'INR', 'c2VhbGVk');
insert into messages (message_id, kind, reference, recipient_id, letter, expires_at, status, created_at, updated_at)
values ('01934e5f-0000-7000-8000-000000000046', 'order_confirmation', '01934e5f-0000-7000-8000-00000000001f',
        '01934e5f-0000-7000-8000-000000000001', '{}', null, 'sent', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z'),
       ('01934e5f-0000-7000-8000-000000000047', 'sign_in_code', 'challenge-1', null, '{"kind": "sign_in_code"}', '2026-11-22T12:05:00Z', 'sent',
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:02Z');
