-- Accounts, their sign-ins, and the address book.

create table accounts (
    user_id           uuid        not null,
    -- The mail address without its +tag: one account each. Gone once erased.
    account_key       text,
    email             text,
    name              text,
    phone             text,
    locale            text        not null,
    status            text        not null,
    suspension_reason text,
    roles             text[]      not null,
    permissions       text[]      not null,
    version           bigint      not null,
    registered_at     timestamptz not null,
    signed_in_at      timestamptz not null,
    updated_at        timestamptz not null,
    constraint accounts_pkey primary key (user_id),
    constraint accounts_account_key_key unique (account_key),
    constraint accounts_status_check check (status in ('active', 'suspended', 'erased')),
    constraint accounts_suspended_check check ((status = 'suspended') = (suspension_reason is not null)),
    constraint accounts_erased_check check (
        (status = 'erased') = (account_key is null)
        and (status = 'erased') = (email is null)
        and (status <> 'erased' or (name is null and phone is null))
    )
);

-- Finds those who may manage users, to keep one of them.
create index accounts_permissions_idx on accounts using gin (permissions);

create table addresses (
    address_id uuid        not null,
    user_id    uuid        not null,
    version    integer     not null,
    recipient  text        not null,
    phone      text        not null,
    line1      text        not null,
    line2      text,
    city       text        not null,
    state      text        not null,
    pincode    text        not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint addresses_pkey primary key (address_id),
    constraint addresses_user_id_fkey foreign key (user_id) references accounts (user_id),
    constraint addresses_version_check check (version >= 1)
);

create index addresses_user_id_idx on addresses (user_id, address_id);

-- One sign-in on one device: also the family of its refresh tokens.
create table sessions (
    session_id   uuid        not null,
    user_id      uuid        not null,
    device       text,
    started_at   timestamptz not null,
    last_used_at timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    end_reason   text,
    constraint sessions_pkey primary key (session_id),
    constraint sessions_user_id_fkey foreign key (user_id) references accounts (user_id),
    constraint sessions_ended_check check ((ended_at is null) = (end_reason is null))
);

create index sessions_user_id_idx on sessions (user_id, session_id);
create index sessions_expires_at_idx on sessions (expires_at);

create table refresh_tokens (
    -- SHA-256; the token itself is kept nowhere.
    token_hash bytea       not null,
    session_id uuid        not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    -- When it was exchanged, and for which token: sealed, for the grace in which the answer is repeated.
    spent_at   timestamptz,
    successor  text,
    constraint refresh_tokens_pkey primary key (token_hash),
    constraint refresh_tokens_session_id_fkey foreign key (session_id) references sessions (session_id) on delete cascade,
    constraint refresh_tokens_spent_check check ((spent_at is null) = (successor is null))
);

create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
