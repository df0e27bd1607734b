-- Which sellers charge tax. Until a seller is heard of again it counts as one that does.
set local lock_timeout = '5s';
alter table vendors add column charges_tax boolean not null default true;
