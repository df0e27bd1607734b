-- Large payouts wait for a second member of staff.
set local lock_timeout = '5s';

alter table payouts
    -- Who of staff began the run, if nobody waited for the day.
    add column begun_by   uuid,
    -- Who of staff let it go, or held it.
    add column decided_by uuid,
    add column decided_at timestamptz,
    drop constraint payouts_status_check,
    add constraint payouts_status_check
        check (status in ('waiting', 'requested', 'accepted', 'paid', 'failed', 'returned', 'held')) not valid,
    drop constraint payouts_back_check,
    add constraint payouts_back_check
        check ((back_at is not null) = (status in ('failed', 'returned', 'held'))) not valid,
    -- Nobody lets go what they began.
    add constraint payouts_four_eyes_check check (decided_by <> begun_by or status = 'held') not valid;
alter table payouts validate constraint payouts_status_check;
alter table payouts validate constraint payouts_back_check;
alter table payouts validate constraint payouts_four_eyes_check;
