-- Which mails about an order still wait for their credit note.
set local lock_timeout = '5s';

create index credits_waiting_idx on credits ((heard ->> 'order_id')) where not is_told;
