-- Sellers, who may act for them, and what they handed in to prove who they are.
set local lock_timeout = '5s';

create table vendors (
    id             uuid        not null,
    owner_id       uuid        not null,
    status         text        not null,
    reason         text,
    decided_at     timestamptz,
    legal_name     text        not null,
    display_name   text        not null,
    gstin          text,
    pan_sealed     text        not null,
    line1          text        not null,
    line2          text,
    city           text        not null,
    state          text        not null,
    pincode        text        not null,
    account_sealed text        not null,
    ifsc           text        not null,
    account_holder text        not null,
    invoice_prefix text        not null,
    commission_bp  integer     not null,
    version        bigint      not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    constraint vendors_pkey primary key (id),
    constraint vendors_gstin_key unique (gstin),
    constraint vendors_invoice_prefix_key unique (invoice_prefix),
    constraint vendors_status_check
        check (status in ('draft', 'submitted', 'approved', 'rejected', 'suspended')),
    constraint vendors_reason_check
        check ((reason is not null) = (status in ('rejected', 'suspended'))),
    constraint vendors_invoice_prefix_check check (invoice_prefix ~ '^[A-Z1-9][A-Z0-9]{3}$'),
    constraint vendors_commission_bp_check check (commission_bp between 0 and 10000)
);

create table vendor_members (
    vendor_id  uuid        not null,
    user_id    uuid        not null,
    created_at timestamptz not null,
    constraint vendor_members_pkey primary key (vendor_id, user_id),
    constraint vendor_members_vendor_id_fkey foreign key (vendor_id) references vendors (id)
);

create table kyc_documents (
    id           uuid        not null,
    vendor_id    uuid        not null,
    kind         text        not null,
    content_type text        not null,
    size_bytes   integer     not null,
    sha256       text        not null,
    state        text        not null,
    reason       text,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    replaced_at  timestamptz,
    constraint kyc_documents_pkey primary key (id),
    constraint kyc_documents_vendor_id_fkey foreign key (vendor_id) references vendors (id),
    constraint kyc_documents_kind_check
        check (kind in ('pan', 'gst_certificate', 'bank_proof', 'address_proof')),
    constraint kyc_documents_content_type_check
        check (content_type in ('application/pdf', 'image/jpeg', 'image/png')),
    constraint kyc_documents_size_bytes_check check (size_bytes between 1 and 10485760),
    constraint kyc_documents_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint kyc_documents_state_check check (state in ('announced', 'verified', 'refused')),
    constraint kyc_documents_reason_check check ((reason is not null) = (state = 'refused'))
);
-- One document of each kind counts: announcing another replaces it.
create unique index kyc_documents_current_key
    on kyc_documents (vendor_id, kind) where replaced_at is null;
