-- Why something was taken back; open in what was heard before.
set local lock_timeout = '5s';

alter table credit_facts add column cause text;
create index credit_facts_day_idx on credit_facts (credited_on);
