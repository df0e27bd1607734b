insert into payments (payment_id, checkout_id, order_id, order_number, buyer, method, amount, currency, status, provider_order_id, opening, checks,
                      expires_at, version, created_at, updated_at)
values ('01934e5f-0000-7000-8000-000000000028', '01934e5f-0000-7000-8000-00000000001e', '01934e5f-0000-7000-8000-00000000001f', 'M261122-000001',
        '01934e5f-0000-7000-8000-000000000001', 'upi', 259800, 'INR', 'captured', 'order_1', false, 0, '2026-11-22T12:15:00Z', 3,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into shares (payment_id, seller_order_id, vendor_id, currency, gross, taxable, commission, commission_tax, tcs, tds, payable, created_at)
values ('01934e5f-0000-7000-8000-000000000028', '01934e5f-0000-7000-8000-000000000020', '01934e5f-0000-7000-8000-00000000000a', 'INR', 259800,
        220169, 25980, 4676, 1101, 220, 227823, '2026-11-22T12:00:00Z');
insert into attempts (provider_payment_id, payment_id, status, amount, currency, booked, created_at, updated_at)
values ('pay_1', '01934e5f-0000-7000-8000-000000000028', 'captured', 259800, 'INR', 'order', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
insert into accounts (code, kind, vendor_id) values ('vendor_payable_pending', 'liability', '01934e5f-0000-7000-8000-00000000000a');
insert into journals (journal_id, cause, payment_id, posted_at)
values ('01934e5f-0000-7000-8000-0000000000f0', 'capture:01934e5f-0000-7000-8000-000000000028', '01934e5f-0000-7000-8000-000000000028',
        '2026-11-22T12:00:00Z');
insert into postings (journal_id, account_id, amount, currency)
select '01934e5f-0000-7000-8000-0000000000f0', account_id, amount, 'INR'
  from accounts join (values ('psp_clearing', 259800), ('vendor_payable_pending', -227823), ('commission_income', -25980),
                             ('output_gst', -4676), ('tcs_payable', -1101), ('tds_payable', -220)) as p (code, amount) using (code);
