-- What somebody gave back on the provider's own pages, and nobody knows what for, is lost.
set local lock_timeout = '5s';

insert into accounts (code, kind) values ('write_off', 'expense');
