-- What an event said when it was first heard: the same id with other words is no duplicate. Empty where nobody looked.
set local lock_timeout = '5s';
alter table chassis.inbox add column digest bytea;
