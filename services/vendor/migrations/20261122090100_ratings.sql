-- A copy of what rating-service says about sellers.
set local lock_timeout = '5s';

create table vendor_ratings (
    vendor_id uuid   not null,
    sum       bigint not null,
    count     bigint not null,
    version   bigint not null,
    constraint vendor_ratings_pkey primary key (vendor_id)
);
