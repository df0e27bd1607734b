-- One relay carries the whole outbox, in the order of the sequence. The lane stays for the version before.
set local lock_timeout = '5s';
alter table chassis.outbox alter column lane set default 0;
alter table chassis.outbox drop constraint outbox_pkey;
alter table chassis.outbox add constraint outbox_pkey primary key (seq);
