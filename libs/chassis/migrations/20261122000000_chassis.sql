-- What every service needs to say, hear and do things exactly once. Lives beside the service's own tables.

-- The version of the last event of each key on each topic. Its row lock also keeps the outbox in commit order per key.
create table chassis.event_version (
    topic   text   not null,
    key     text   not null,
    version bigint not null,
    constraint event_version_pkey primary key (topic, key)
);

-- Said but not yet acknowledged by the broker. Column names follow Debezium's outbox router.
create table chassis.outbox (
    seq           bigint generated always as identity,
    lane          smallint    not null,
    id            uuid        not null,
    aggregatetype text        not null,
    aggregateid   text        not null,
    type          text        not null,
    payload       bytea,
    version       bigint      not null,
    correlation   text        not null,
    causation     text        not null,
    traceparent   text        not null,
    said_at       timestamptz not null,
    constraint outbox_pkey primary key (lane, seq)
);

-- Where each consumer stands. The row lock fences a consumer that lost its partition.
create table chassis.consumer_offset (
    consumer    text    not null,
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
    constraint consumer_offset_pkey primary key (consumer, topic, partition)
);

-- Events heard lately, so that a producer's duplicate at a new offset is known.
create table chassis.inbox (
    consumer text        not null,
    event_id uuid        not null,
    heard_at timestamptz not null,
    constraint inbox_pkey primary key (consumer, event_id)
);
create index inbox_heard_at_idx on chassis.inbox (heard_at);

-- Events that could not be handled (the culprit) and later events of the same key that wait behind it.
create table chassis.dead_letter (
    id         bigint generated always as identity,
    consumer   text        not null,
    topic      text        not null,
    partition  integer     not null,
    record_offset bigint   not null,
    key        text        not null,
    name       text        not null,
    headers    jsonb       not null,
    payload    bytea,
    culprit    boolean     not null,
    problem    text        not null,
    detail     text        not null,
    died_at    timestamptz not null,
    constraint dead_letter_pkey primary key (id),
    constraint dead_letter_record_key unique (consumer, topic, partition, record_offset)
);
create index dead_letter_key_idx on chassis.dead_letter (consumer, topic, key);

-- Work that touches the world outside: done at least once, recorded exactly once.
create table chassis.job (
    id          uuid        not null,
    kind        text        not null,
    payload     jsonb       not null,
    due_at      timestamptz not null,
    attempts    integer     not null,
    lease_until timestamptz,
    lease       uuid,
    failed_at   timestamptz,
    last_error  text,
    traceparent text        not null,
    created_at  timestamptz not null,
    constraint job_pkey primary key (id)
);
create index job_due_idx on chassis.job (kind, due_at) where failed_at is null;

-- Answers to requests that carried an Idempotency-Key.
create table chassis.idempotency (
    scope      text        not null,
    key        text        not null,
    request    bytea       not null,
    status     smallint,
    body       bytea,
    created_at timestamptz not null,
    constraint idempotency_pkey primary key (scope, key)
);
create index idempotency_created_at_idx on chassis.idempotency (created_at);
