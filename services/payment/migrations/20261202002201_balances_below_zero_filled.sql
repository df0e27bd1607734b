-- Since when it is so of those that were below nothing before.
set local lock_timeout = '5s';

with running as (
    select a.vendor_id, p.currency, p.posting_id, j.posted_at,
           -sum(p.amount) over (partition by a.vendor_id, p.currency order by p.posting_id) as available
      from postings p join accounts a using (account_id) join journals j using (journal_id)
     where a.code = 'vendor_payable_available'
), covered as (
    select vendor_id, currency, max(posting_id) as last from running where available >= 0 group by vendor_id, currency
), fell as (
    select r.vendor_id, r.currency, min(r.posted_at) as at
      from running r left join covered c using (vendor_id, currency)
     where r.posting_id > coalesce(c.last, 0)
     group by r.vendor_id, r.currency
)
update vendor_balances b set negative_since = fell.at
  from fell
 where fell.vendor_id = b.vendor_id and fell.currency = b.currency and b.available < 0;

-- Who fell below nothing while this ran.
update vendor_balances set negative_since = now() where available < 0 and negative_since is null;

alter table vendor_balances
    add constraint vendor_balances_negative_since_check check ((available < 0) = (negative_since is not null)) not valid;
alter table vendor_balances validate constraint vendor_balances_negative_since_check;
