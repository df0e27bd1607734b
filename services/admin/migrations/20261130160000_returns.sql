-- Returns that buyer and seller contested. One that is decided may be contested again, for another reason.
set local lock_timeout = '5s';
create table returns_contested (
    id   uuid        not null,
    open boolean     not null,
    -- When it came to stand so.
    at   timestamptz not null,
    constraint returns_contested_pkey primary key (id)
);
create index returns_contested_open_idx on returns_contested (id) where open;
