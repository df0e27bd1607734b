-- What sellers owed for what was taken back and will not pay.
set local lock_timeout = '5s';

create table write_offs (
    id        uuid        not null,
    vendor_id uuid        not null,
    amount    bigint      not null,
    currency  char(3)     not null,
    at        timestamptz not null,
    constraint write_offs_pkey primary key (id)
);
