-- What staff see of an application: who else has the same numbers, and what became of it before.
set local lock_timeout = '5s';

alter table vendors
    -- Keyed hashes of the sealed numbers, by which equal ones are found; open until the old ones were gone through.
    add column pan_mark     text,
    add column account_mark text,
    -- A registration is a seller's from its approval on: whoever only writes it into a draft keeps nobody out.
    drop constraint vendors_gstin_key;
create unique index vendors_gstin_key on vendors (gstin) where status in ('approved', 'suspended');
create index vendors_gstin_idx on vendors (gstin) where gstin is not null;
create index vendors_pan_mark_idx on vendors (pan_mark);
create index vendors_account_mark_idx on vendors (account_mark);

-- Every step of an application, with staff's words and what they asked to be corrected. Kept for ever.
create table vendor_steps (
    vendor_id   uuid        not null,
    version     bigint      not null,
    status      text        not null,
    reason      text,
    corrections jsonb       not null default '[]',
    at          timestamptz not null,
    constraint vendor_steps_pkey primary key (vendor_id, version),
    constraint vendor_steps_vendor_id_fkey foreign key (vendor_id) references vendors (id)
);
