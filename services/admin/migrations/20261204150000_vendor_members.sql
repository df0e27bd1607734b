-- Who may act for a seller: they decide nothing about it as staff. Sellers heard of before have them once they change;
-- until then the token says it.
set local lock_timeout = '5s';

alter table vendors add column members uuid[] not null default '{}';
