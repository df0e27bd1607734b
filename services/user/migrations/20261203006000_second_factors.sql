-- A second factor: an app that shows codes, and codes on paper for when it is lost.

set local lock_timeout = '5s';

create table authenticators (
    user_id      uuid        not null,
    -- The secret that the app shares, sealed.
    secret       text        not null,
    created_at   timestamptz not null,
    -- Before this nobody is asked for a code of it.
    confirmed_at timestamptz,
    -- The half minute of the last code that was taken: a code is taken once.
    last_step    bigint,
    -- Wrong codes in a row, and until when none is looked at because of them.
    failures     integer     not null,
    locked_until timestamptz,
    constraint authenticators_pkey primary key (user_id),
    constraint authenticators_user_id_fkey foreign key (user_id) references accounts (user_id),
    constraint authenticators_failures_check check (failures >= 0)
);

create table recovery_codes (
    -- SHA-256; the code itself is kept nowhere.
    code_hash bytea not null,
    user_id   uuid  not null,
    constraint recovery_codes_pkey primary key (user_id, code_hash),
    constraint recovery_codes_user_id_fkey foreign key (user_id) references authenticators (user_id) on delete cascade
);

-- Who proved their address and still owes a code of their second factor.
create table half_sign_ins (
    -- SHA-256 of the token that the client holds.
    token_hash bytea       not null,
    user_id    uuid        not null,
    device     text,
    expires_at timestamptz not null,
    constraint half_sign_ins_pkey primary key (token_hash),
    constraint half_sign_ins_user_id_fkey foreign key (user_id) references accounts (user_id)
);

create index half_sign_ins_expires_at_idx on half_sign_ins (expires_at);
create index half_sign_ins_user_id_idx on half_sign_ins (user_id);

-- When the session last saw a second factor.
alter table sessions add column second_factor_at timestamptz;
