-- A buyer's bank takes the money back, and the sellers bear it: what is left of the order is taken back.
set local lock_timeout = '5s';

alter table credits
    drop constraint credits_cause_check,
    add constraint credits_cause_check check (cause in (
        'buyer_cancelled', 'staff_cancelled', 'vendor_rejected', 'sla_expired', 'unavailable', 'returned_to_origin',
        'lost', 'returned', 'disputed'));
