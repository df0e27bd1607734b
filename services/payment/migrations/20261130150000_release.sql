-- When the buyer could not send it back any more: from then on what is left of the share is its seller's to have.
set local lock_timeout = '5s';

alter table shares add column completed_at timestamptz;
