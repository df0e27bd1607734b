-- What invoice-service heard of the others' state. Guarded by version; may be rebuilt from the topics.
set local lock_timeout = '5s';

create table sellers (
    vendor_id      uuid   not null,
    legal_name     text   not null,
    gstin          text,
    invoice_prefix text   not null,
    line1          text   not null,
    line2          text,
    city           text   not null,
    state          text   not null,
    pincode        text   not null,
    version        bigint not null,
    constraint sellers_pkey primary key (vendor_id)
);

create table recipients (
    user_id   uuid    not null,
    name      text,
    forgotten boolean not null,
    version   bigint  not null,
    constraint recipients_pkey primary key (user_id),
    constraint recipients_forgotten_check check (not forgotten or name is null)
);
comment on table recipients is 'Personal data: read for documents only, emptied when the person is forgotten.';

-- Every edition of every address: an order names the one it was placed with.
create table recipient_addresses (
    address_id uuid    not null,
    version    integer not null,
    user_id    uuid    not null,
    recipient  text    not null,
    line1      text    not null,
    line2      text,
    city       text    not null,
    state      text    not null,
    pincode    text    not null,
    constraint recipient_addresses_pkey primary key (address_id, version)
);
create index recipient_addresses_user_id_idx on recipient_addresses (user_id);
comment on table recipient_addresses is 'Personal data: read for documents only, emptied when the person is forgotten.';
