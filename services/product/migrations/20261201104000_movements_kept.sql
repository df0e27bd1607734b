-- Nobody changes a movement, not even whoever owns the table and might drop the trigger by mistake.
set local lock_timeout = '5s';
revoke update, delete, truncate on movements from current_user;
