-- Copies of what others own. A person who asked to be forgotten keeps a row without personal data, so that an old
-- record that comes late does not bring the address back.
create table contacts (
    user_id uuid   not null,
    email   text,
    name    text,
    locale  text,
    version bigint not null,
    constraint contacts_pkey primary key (user_id),
    constraint contacts_forgotten_check check (email is not null or (name is null and locale is null))
);

create table vendors (
    vendor_id    uuid   not null,
    owner_id     uuid   not null,
    display_name text   not null,
    version      bigint not null,
    constraint vendors_pkey primary key (vendor_id)
);
