insert into counters (vendor_id, financial_year, series, last) values ('01934e5f-0000-7000-8000-00000000000a', '2627', 'sale', 1);
insert into invoices (id, number, vendor_id, financial_year, series, serial, seller_order_id, order_id, checkout_id, buyer, total_minor, currency,
                      document, object_key, state, sha256, size_bytes, issued_at, stored_at)
values ('01934e5f-0000-7000-8000-000000000032', 'A1B2/2627/000001', '01934e5f-0000-7000-8000-00000000000a', '2627', 'sale', 1,
        '01934e5f-0000-7000-8000-000000000020', '01934e5f-0000-7000-8000-00000000001f', '01934e5f-0000-7000-8000-00000000001e',
        '01934e5f-0000-7000-8000-000000000001', 259800, 'INR',
        '{"supply": "igst", "totals": {"tax": {
            "taxable": {"amount": 220169}, "cgst": {"amount": 0}, "sgst": {"amount": 0}, "igst": {"amount": 39631},
            "total": {"amount": 259800}}}}', 'lamp.pdf', 'issued', encode(sha256('%PDF-1.4 lamp'), 'hex'), 13,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into invoice_links (id, invoice_id, audience, audience_id, expires_at, created_at)
values ('01934e5f-0000-7000-8000-0000000000d0', '01934e5f-0000-7000-8000-000000000032', 'user', '01934e5f-0000-7000-8000-000000000001',
        '2026-11-29T12:00:00Z', '2026-11-22T12:00:00Z');
