-- A carrier is one party, however its name is spelled: the first spelling stays.
set local lock_timeout = '5s';

create index carriers_spelling_idx on carriers (lower(carrier), seller_order_id);

update carriers c
   set carrier = first.carrier
  from (select distinct on (lower(regexp_replace(carrier, '\s+', ' ', 'g')))
               lower(regexp_replace(carrier, '\s+', ' ', 'g')) as spelling,
               regexp_replace(carrier, '\s+', ' ', 'g') as carrier
          from carriers
         order by lower(regexp_replace(carrier, '\s+', ' ', 'g')), seller_order_id) first
 where lower(regexp_replace(c.carrier, '\s+', ' ', 'g')) = first.spelling and c.carrier <> first.carrier;
