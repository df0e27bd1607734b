insert into days (day, placed) values ('2026-11-22', 1);
insert into day_sales (day, currency, orders, units, gross, collected) values ('2026-11-22', 'INR', 1, 2, 259800, 259800);
insert into vendor_day_sales (day, vendor_id, currency, orders, units, gross, commission, payable)
values ('2026-11-22', '01934e5f-0000-7000-8000-00000000000a', 'INR', 1, 2, 259800, 25980, 227823);
