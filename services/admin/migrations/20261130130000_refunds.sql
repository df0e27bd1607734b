-- Refunds that a person had to look after; one that is done stays done.
set local lock_timeout = '5s';
create table refunds_by_hand (
    id   uuid    not null,
    open boolean not null,
    constraint refunds_by_hand_pkey primary key (id)
);
create index refunds_by_hand_open_idx on refunds_by_hand (id) where open;
