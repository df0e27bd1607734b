-- Under which scheme of goods and services tax a seller supplies; open until it is heard of again: then with a GSTIN it is
-- regular, without one not registered.
set local lock_timeout = '5s';

alter table sellers
    add column scheme    text constraint sellers_scheme_check check (scheme in ('regular', 'composition', 'enrolled')),
    add column enrolment text;
