-- Stars that nobody can have given never get onto a page.
set local lock_timeout = '5s';

alter table vendor_ratings
    add constraint vendor_ratings_sum_check check (sum between count and count * 5);
