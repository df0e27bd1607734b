-- What makes each variant of a product different, in the order of `skus`. Empty until the product is heard again, and of
-- products with one variant.
set local lock_timeout = '5s';
alter table product_copies
    add column options text[] not null default '{}';
