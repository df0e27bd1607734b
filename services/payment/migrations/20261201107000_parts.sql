-- A refund that its capture has too little left for is paid in parts; what sellers bear counts from a moment on; a payment
-- whose order at the provider was spoilt by wrong money gets another one.
set local lock_timeout = '5s';

-- The refund of which this is the rest.
alter table refunds
    add column rest_of uuid constraint refunds_rest_of_fkey references refunds,
    drop constraint refunds_credit_id_key;
create unique index refunds_credit_id_key on refunds (credit_id) where rest_of is null;
drop index refunds_one_gives_a_capture_back_idx;
create unique index refunds_one_gives_a_capture_back_idx on refunds (provider_payment_id)
    where kind in ('late', 'second', 'mismatch') and rest_of is null;
create index refunds_credit_idx on refunds (credit_id);

-- Since when somebody bears it.
alter table disputes add column borne_at timestamptz;
update disputes set borne_at = decided_at where bearer is not null;

-- Names that the provider had for a payment before.
create table former_orders (
    provider_order_id text constraint former_orders_pkey primary key,
    payment_id        uuid not null constraint former_orders_payment_id_fkey references payments
);
create index former_orders_payment_id_idx on former_orders (payment_id);

-- One transfer at a bank, however its number is written.
create index remittances_bank_reference_idx on remittances (upper(bank_reference));
