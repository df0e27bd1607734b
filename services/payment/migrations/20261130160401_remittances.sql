-- Cash that was taken at doors arrives at our bank.
set local lock_timeout = '5s';

-- A copy: who carries a parcel, and so takes the cash for it.
create table carriers (
    seller_order_id uuid constraint carriers_pkey primary key,
    carrier         text not null
);

create table remittances (
    -- The bank's number for the transfer.
    bank_reference text        constraint remittances_pkey primary key,
    -- In the order in which they were reported.
    seq            bigint      generated always as identity constraint remittances_seq_key unique,
    party          text        not null,
    -- What was taken, and what of it arrived.
    due            bigint      not null,
    received       bigint      not null,
    currency       char(3)     not null,
    reported_at    timestamptz not null,
    constraint remittances_received_check check (received >= 0 and received <= due and due > 0)
);

alter table shares add column remitted_in text
    constraint shares_remitted_in_fkey references remittances
    constraint shares_remitted_check check (remitted_in is null or collected_at is not null);
create index shares_cash_due_idx on shares (collected_at) where collected_at is not null and remitted_in is null;

insert into accounts (code, kind) values ('cod_short', 'expense');
