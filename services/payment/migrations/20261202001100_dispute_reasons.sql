-- Why a bank asks, in the provider's word, and until when it takes an answer.
set local lock_timeout = '5s';

alter table disputes
    add column reason_code text,
    add column respond_by  timestamptz;
