-- Who shall bear a dispute that is lost, where the platform bears much of it: one member of staff says so, another one agrees.
set local lock_timeout = '5s';

create table bearings (
    bearing_id  bigint      generated always as identity constraint bearings_pkey primary key,
    dispute_id  uuid        not null constraint bearings_dispute_id_fkey references disputes,
    bearer      text        not null constraint bearings_bearer_check check (bearer in ('sellers', 'platform')),
    reason      text        not null,
    status      text        not null
        constraint bearings_status_check check (status in ('proposed', 'booked', 'declined')),
    proposed_by uuid        not null,
    proposed_at timestamptz not null,
    decided_by  uuid,
    decided_at  timestamptz,
    constraint bearings_decided_check
        check ((decided_by is null) = (status = 'proposed') and (decided_at is null) = (status = 'proposed')),
    constraint bearings_two_people_check check (status <> 'booked' or decided_by <> proposed_by)
);
create index bearings_dispute_id_idx on bearings (dispute_id, bearing_id);
create unique index bearings_one_waits_idx on bearings (dispute_id) where status = 'proposed';
