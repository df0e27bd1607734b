-- One database and one role of the same name; nobody else may connect. Run again, it changes only what differs.
-- Variables: name, password.
select format('create role %I login', :'name')
where not exists (select from pg_roles where rolname = :'name')
\gexec

alter role :"name" with login nosuperuser nocreatedb nocreaterole noreplication password :'password';

select format('create database %I owner %I', :'name', :'name')
where not exists (select from pg_database where datname = :'name')
\gexec

revoke connect, temporary on database :"name" from public;
grant connect, temporary on database :"name" to :"name";

-- Nor does a service need the server's own databases.
revoke connect, temporary on database postgres, template1 from public;
