-- Nobody changes what staff did, not even whoever owns the table and might drop the trigger by mistake.
set local lock_timeout = '5s';
revoke update, delete, truncate on audit from current_user;
