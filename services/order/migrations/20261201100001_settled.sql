-- The buyer's bank took the money back while something was being sent back: the return ends, for there is nothing left
-- to credit.
set local lock_timeout = '5s';

alter table returns
    drop constraint returns_state_check,
    add constraint returns_state_check check (state in (
        'requested', 'approved', 'sent_back', 'refused', 'refusal_contested', 'goods_contested', 'credited',
        'refused_for_good', 'withdrawn', 'expired', 'settled')),
    drop constraint returns_due_check,
    add constraint returns_due_check
        check ((due_at is null) = (state in ('credited', 'refused_for_good', 'withdrawn', 'expired', 'settled')));

alter table return_steps
    drop constraint return_steps_act_check,
    add constraint return_steps_act_check check (act in (
        'request', 'approve', 'refuse', 'withdraw', 'send_back', 'receive', 'contest_refusal', 'contest_goods',
        'decide_approve', 'decide_credit', 'decide_refuse', 'time_over', 'settle'));
