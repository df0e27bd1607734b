-- What was answered to sellers shows where a parcel goes: it goes when their own parcel has come, not when the last has.
set local lock_timeout = '5s';

-- Until when the answers about their ended seller orders were looked through.
alter table erased_buyers add column answers_gone_at timestamptz;
