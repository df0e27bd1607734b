-- Whoever looks into an order finds the logs of each of its steps by the trace. Of earlier steps it is not known.
set local lock_timeout = '5s';

alter table order_events add column trace_id text;
