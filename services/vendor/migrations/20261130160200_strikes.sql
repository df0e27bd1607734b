-- What sellers rejected, or did not do in time: one row for each credit.
create table strikes (
    credit_id uuid        constraint strikes_pkey primary key,
    vendor_id uuid        not null,
    kind      text        not null constraint strikes_kind_check check (kind in ('rejected', 'late')),
    at        timestamptz not null
);
create index strikes_vendor_idx on strikes (vendor_id, at);
