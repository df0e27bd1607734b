-- By what a share was reckoned, as order-service said it: what returns to the tax offices need to know of it.
set local lock_timeout = '5s';

-- Open of what was placed before it was said.
alter table shares add column terms jsonb;
