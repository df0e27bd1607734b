-- The trace of the checkout that asked for the payment: what the provider reports later belongs to the same story.
set local lock_timeout = '5s';

alter table payments add column traceparent text not null default '';
