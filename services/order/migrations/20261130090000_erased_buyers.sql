-- Buyers who asked to be forgotten: no order is placed for them any more.
create table erased_buyers (
    user_id uuid constraint erased_buyers_pkey primary key
);
