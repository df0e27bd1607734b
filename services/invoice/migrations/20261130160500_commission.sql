-- What the platform charges sellers: its own documents in its own series, opened by the same links. And room for a second
-- row of numbers in every series.
set local lock_timeout = '5s';

-- A row, not a sequence: a sequence does not take a number back when its transaction is rolled back.
create table platform_counters (
    financial_year text    not null,
    series         text    not null,
    last           integer not null,
    constraint platform_counters_pkey primary key (financial_year, series),
    constraint platform_counters_series_check check (series in ('sale', 'credit')),
    constraint platform_counters_last_check check (last between 0 and 1999998)
);

create table commission_papers (
    id             uuid        not null,
    number         text        not null,
    financial_year text        not null,
    series         text        not null,
    serial         integer     not null,
    vendor_id      uuid        not null,
    month          date        not null,
    total_minor    bigint      not null,
    tax_minor      bigint      not null,
    currency       char(3)     not null,
    document       jsonb       not null,
    object_key     text        not null,
    state          text        not null,
    sha256         text,
    size_bytes     bigint,
    issued_at      timestamptz not null,
    stored_at      timestamptz,
    constraint commission_papers_pkey primary key (id),
    constraint commission_papers_number_key unique (number),
    constraint commission_papers_serial_key unique (financial_year, series, serial),
    constraint commission_papers_month_key unique (vendor_id, month, series),
    constraint commission_papers_object_key_key unique (object_key),
    constraint commission_papers_series_check check (series in ('sale', 'credit')),
    constraint commission_papers_serial_check check (serial between 1 and 1999998),
    constraint commission_papers_month_check check (extract(day from month) = 1),
    constraint commission_papers_total_check check (total_minor > 0 and tax_minor between 0 and total_minor),
    constraint commission_papers_state_check check (state in ('numbered', 'issued')),
    constraint commission_papers_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint commission_papers_stored_check check (
        (state = 'issued') = (sha256 is not null and size_bytes is not null and stored_at is not null))
);
create index commission_papers_vendor_id_idx on commission_papers (vendor_id, id) where state = 'issued';
comment on column commission_papers.document is 'Personal data: the frozen model of a document that the law orders to keep.';

-- A link opens a document of a seller or one of the platform.
alter table invoice_links
    alter column invoice_id drop not null,
    add column commission_id uuid,
    add constraint invoice_links_commission_id_fkey foreign key (commission_id) references commission_papers (id),
    add constraint invoice_links_one_check check (num_nonnulls(invoice_id, commission_id) = 1) not valid;
create index invoice_links_commission_id_idx on invoice_links (commission_id) where commission_id is not null;

alter table counters
    drop constraint counters_last_check,
    add constraint counters_last_check check (last between 0 and 1999998);
alter table invoices
    drop constraint invoices_serial_check,
    add constraint invoices_serial_check check (serial between 1 and 1999998) not valid;
alter table invoice_links validate constraint invoice_links_one_check;
alter table invoices validate constraint invoices_serial_check;
