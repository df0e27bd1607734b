-- How often a link was used of late, so that nobody can have a document fetched without end.
set local lock_timeout = '5s';

alter table invoice_links
    add column pace_since timestamptz,
    add column pace_uses  integer not null default 0,
    add constraint invoice_links_pace_uses_check check (pace_uses >= 0);
create index invoice_links_made_idx on invoice_links (invoice_id, created_at);
