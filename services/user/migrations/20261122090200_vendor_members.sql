-- A copy of what vendor-service says: who acts for which seller.

create table vendors (
    vendor_id uuid   not null,
    version   bigint not null,
    constraint vendors_pkey primary key (vendor_id)
);

create table vendor_members (
    vendor_id uuid not null,
    user_id   uuid not null,
    constraint vendor_members_pkey primary key (user_id, vendor_id),
    constraint vendor_members_vendor_id_fkey foreign key (vendor_id) references vendors (vendor_id)
);

create index vendor_members_vendor_id_idx on vendor_members (vendor_id);
