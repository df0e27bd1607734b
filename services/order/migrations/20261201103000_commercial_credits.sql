-- What is taken back after 30 November following the financial year of its sale bears no tax.
set local lock_timeout = '5s';

alter table credits add column commercial boolean not null default false;
