-- What the provider settled otherwise than our books have it, and stays so: staff say what it is, and it is booked.
set local lock_timeout = '5s';

create table explanations (
    explanation_id uuid        constraint explanations_pkey primary key,
    difference_id  bigint      not null constraint explanations_difference_id_fkey references differences,
    -- By how much what the provider holds for us rises in our books.
    amount         bigint      not null,
    currency       char(3)     not null,
    reason         text        not null,
    status         text        not null
        constraint explanations_status_check check (status in ('proposed', 'booked', 'declined')),
    proposed_by    uuid        not null,
    proposed_at    timestamptz not null,
    decided_by     uuid,
    decided_at     timestamptz,
    constraint explanations_decided_check
        check ((decided_by is null) = (status = 'proposed') and (decided_at is null) = (status = 'proposed')),
    constraint explanations_two_people_check check (status <> 'booked' or decided_by <> proposed_by)
);
create unique index explanations_one_waits_idx on explanations (difference_id) where status = 'proposed';
create index explanations_difference_id_idx on explanations (difference_id);
create index differences_name_idx on differences (name);

insert into accounts (code, kind) values ('settlement_difference', 'expense');
