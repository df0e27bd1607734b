-- Income tax of what is taken back when the financial year of its sale is over is charged at once. Open of what was taken
-- back before this was kept.
set local lock_timeout = '5s';

alter table credits add column charged_tds bigint constraint credits_charged_tds_check check (charged_tds >= 0);
alter table credits alter column charged_tds set default 0;
