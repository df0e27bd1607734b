-- What was posted before the trigger was there.
insert into vendor_balances as b (vendor_id, currency, available)
select a.vendor_id, p.currency, -sum(p.amount)
  from postings p join accounts a using (account_id)
 where a.code = 'vendor_payable_available' and p.posting_id <= (select posting_id from vendor_balances_counted)
 group by a.vendor_id, p.currency
 order by a.vendor_id, p.currency
on conflict (vendor_id, currency) do update set available = b.available + excluded.available;

drop table vendor_balances_counted;
