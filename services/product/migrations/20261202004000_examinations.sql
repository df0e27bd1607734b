-- When a rule of HSN codes begins, ends or changes, what is on the shelf is gone through.
set local lock_timeout = '5s';

-- What begins with a prefix is gone through from a moment on, page by page.
create table examinations (
    hsn_prefix text        not null constraint examinations_prefix_check check (hsn_prefix ~ '^[0-9]{2,8}$'),
    due_at     timestamptz not null,
    -- The last product that was looked at.
    after      uuid,
    constraint examinations_pkey primary key (hsn_prefix, due_at)
);

-- What was kept so far is gone through now, if there is anything of it on the shelf, and when it begins or ends.
insert into examinations (hsn_prefix, due_at)
select r.hsn_prefix, now()
  from hsn_rates r
 where exists (select from products p where p.status = 'published' and left(p.hsn, length(r.hsn_prefix)) = r.hsn_prefix)
 union
select r.hsn_prefix, m.due_at
  from hsn_rates r
 cross join lateral (values (r.valid_from::timestamp at time zone 'Asia/Kolkata'),
                            ((r.valid_to + 1)::timestamp at time zone 'Asia/Kolkata')) m (due_at)
 where m.due_at > now();
