-- The double-entry ledger. Debits are positive, credits negative; nothing is ever changed, only added.
set local lock_timeout = '5s';

create table accounts (
    account_id bigint generated always as identity constraint accounts_pkey primary key,
    code       text   not null,
    kind       text   not null
        constraint accounts_kind_check check (kind in ('asset', 'liability', 'income')),
    vendor_id  uuid,
    constraint accounts_code_vendor_id_key unique nulls not distinct (code, vendor_id)
);
create index accounts_vendor_id_idx on accounts (vendor_id) where vendor_id is not null;

insert into accounts (code, kind) values
    ('psp_clearing', 'asset'),
    ('cod_receivable', 'asset'),
    ('commission_income', 'income'),
    ('output_gst', 'liability'),
    ('tcs_payable', 'liability'),
    ('tds_payable', 'liability'),
    ('suspense', 'liability');

create table journals (
    journal_id uuid        constraint journals_pkey primary key,
    -- What brought it about, so that it is brought about once.
    cause      text        not null constraint journals_cause_key unique,
    payment_id uuid        not null constraint journals_payment_id_fkey references payments,
    posted_at  timestamptz not null
);

create table postings (
    posting_id      bigint  generated always as identity constraint postings_pkey primary key,
    journal_id      uuid    not null constraint postings_journal_id_fkey references journals,
    account_id      bigint  not null constraint postings_account_id_fkey references accounts,
    seller_order_id uuid,
    amount          bigint  not null constraint postings_amount_check check (amount <> 0),
    currency        char(3) not null
);
create index postings_journal_id_idx on postings (journal_id);
create index postings_account_id_idx on postings (account_id, posting_id);

create function check_journal_balance() returns trigger language plpgsql as $$
begin
    if exists (select from postings where journal_id = new.journal_id group by currency having sum(amount) <> 0) then
        raise exception 'journal % does not sum to zero', new.journal_id
            using errcode = 'check_violation', constraint = 'postings_balance_check';
    end if;
    return null;
end $$;

create constraint trigger postings_balance_check after insert on postings
    deferrable initially deferred for each row execute function check_journal_balance();

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is written once', tg_table_name
        using errcode = 'restrict_violation', constraint = 'ledger_is_immutable';
end $$;

create trigger journals_are_immutable before update or delete on journals
    for each row execute function refuse_change();
create trigger postings_are_immutable before update or delete on postings
    for each row execute function refuse_change();
