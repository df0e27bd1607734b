-- A payment that shall end, while the provider is asked for the last time what became of it.
set local lock_timeout = '5s';

alter table payments
    drop constraint payments_status_check,
    add constraint payments_status_check check (status in (
        'created', 'pending', 'failed', 'closing', 'captured', 'payment_review', 'captured_late', 'cancelled',
        'cod_accepted', 'cod_refused', 'cod_collected', 'cod_void'));
