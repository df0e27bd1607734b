-- A return that a bank settled may be received all the same: then it is known how it came back.
set local lock_timeout = '5s';

alter table returns
    drop constraint returns_credited_check,
    add constraint returns_credited_check check (case state
        when 'credited' then condition is not null
        when 'settled' then true
        else condition is null end);
