-- What is taken back of what was sold, on the day that it is taken back: the day of the sale stays as it was.
set local lock_timeout = '5s';

create table credit_facts (
    credit_id       uuid    not null,
    seller_order_id uuid    not null,
    vendor_id       uuid    not null,
    credited_on     date    not null,
    currency        char(3) not null,
    units           bigint  not null,
    gross           bigint  not null,
    payable         bigint  not null,
    constraint credit_facts_pkey primary key (credit_id)
);

-- Money that is back with buyers, for credits and for what belonged to no order.
create table refund_facts (
    refund_id   uuid    not null,
    refunded_on date    not null,
    currency    char(3) not null,
    amount      bigint  not null,
    constraint refund_facts_pkey primary key (refund_id)
);

alter table day_sales
    add column credited bigint not null default 0,
    add column refunded bigint not null default 0;
alter table vendor_day_sales
    add column credited         bigint not null default 0,
    add column credited_payable bigint not null default 0;
