-- The keys that sign access tokens. The private halves are sealed.

create table signing_keys (
    kid        text        not null,
    x          text        not null,
    sealed     text        not null,
    not_before timestamptz not null,
    retires_at timestamptz,
    created_at timestamptz not null,
    constraint signing_keys_pkey primary key (kid),
    constraint signing_keys_times_check check (retires_at > not_before)
);
