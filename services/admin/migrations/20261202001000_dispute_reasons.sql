-- Why a bank asks, in the provider's word.
set local lock_timeout = '5s';

alter table disputes add column reason_code text;
