-- Finds what is on the shelf with a rate of tax that has ended.
set local lock_timeout = '5s';

create index products_gst_rate_bp_idx on products (gst_rate_bp) where status = 'published';
