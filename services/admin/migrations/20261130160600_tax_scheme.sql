-- Under which scheme of goods and services tax a seller supplies; open until it is heard of again.
set local lock_timeout = '5s';

alter table vendors
    add column scheme    text,
    add column enrolment text;
