-- Money that needs a person, until it does not any more.
set local lock_timeout = '5s';

-- What was heard before is open until its payment is heard of again.
alter table payments_in_review add column open boolean not null default true;

create table foreign_refunds (
    id   uuid    not null,
    open boolean not null,
    constraint foreign_refunds_pkey primary key (id)
);

create table disputes (
    id      uuid    not null,
    -- It is open, or lost and nobody has said who bears it.
    waiting boolean not null,
    constraint disputes_pkey primary key (id)
);
