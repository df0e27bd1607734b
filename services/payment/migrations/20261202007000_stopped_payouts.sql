-- A payout that was let go can be held until the provider has it.
set local lock_timeout = '5s';

alter table payouts
    -- When the provider was asked last: from then on it may have it, whatever it answered.
    add column asked_at   timestamptz,
    -- Who of staff said that it shall be held, while the provider might have it.
    add column stopped_by uuid;
-- Of what is on its way it is not known.
update payouts set asked_at = requested_at where status = 'requested';
