-- What stands on a seller's statement, and its list of payouts.
set local lock_timeout = '5s';

alter table sellers
    -- Unknown until the seller is heard of again.
    add column legal_name text,
    add column gstin      text;

create index payouts_vendor_id_seq_idx on payouts (vendor_id, seq);
drop index payouts_vendor_id_idx;
