-- What one member of staff says and another one decides: one table for all kinds, each of which had its own.
set local lock_timeout = '5s';

create table proposals (
    proposal_id   uuid        constraint proposals_pkey primary key,
    -- In the order in which they were made.
    seq           bigint      generated always as identity constraint proposals_seq_key unique,
    kind          text        not null
        constraint proposals_kind_check
        check (kind in ('explanation', 'write_off', 'tax_deposit', 'remittance', 'bearing')),
    -- What it is about: a difference, a seller, the number of a challan or a transfer, a dispute.
    subject       text        not null,
    -- What is said of it, as its kind has it.
    about         jsonb       not null,
    -- What of that other tables are asked with.
    amount        bigint      generated always as ((about #>> '{amount,amount}')::bigint) stored
        constraint proposals_amount_check check (kind not in ('write_off', 'tax_deposit') or amount > 0),
    currency      char(3)     generated always as ((about #>> '{amount,currency}')::char(3)) stored,
    difference_id bigint      generated always as ((about ->> 'difference_id')::bigint) stored
        constraint proposals_difference_id_fkey references differences,
    dispute_id    uuid        generated always as ((about ->> 'dispute_id')::uuid) stored
        constraint proposals_dispute_id_fkey references disputes,
    status        text        not null
        constraint proposals_status_check check (status in ('proposed', 'booked', 'declined')),
    proposed_by   uuid        not null,
    proposed_at   timestamptz not null,
    -- Nobody where it came to nothing by itself.
    decided_by    uuid,
    decided_at    timestamptz,
    constraint proposals_about_check
        check (case kind
                    when 'bearing' then dispute_id is not null
                    when 'remittance' then about ?& array['due', 'received']
                    when 'explanation' then difference_id is not null and amount is not null and currency is not null
                    else amount is not null and currency is not null end),
    constraint proposals_decided_check
        check ((decided_at is null) = (status = 'proposed') and (decided_by is not null or status <> 'booked')
               and (decided_by is null or status <> 'proposed')),
    constraint proposals_two_people_check check (status <> 'booked' or decided_by <> proposed_by)
);

with said as (
    select explanation_id as id, 'explanation' as kind, difference_id::text as subject,
           jsonb_build_object('difference_id', difference_id, 'reason', reason,
                              'amount', jsonb_build_object('amount', amount, 'currency', currency)) as about,
           status, proposed_by, proposed_at, decided_by, decided_at
      from explanations
    union all
    select write_off_id, 'write_off', vendor_id::text,
           jsonb_build_object('vendor_id', vendor_id, 'reason', reason,
                              'amount', jsonb_build_object('amount', amount, 'currency', currency)),
           status, proposed_by, proposed_at, decided_by, decided_at
      from write_offs
    union all
    select deposit_id, 'tax_deposit', reference,
           jsonb_build_object('kind', kind, 'month', to_char(month, 'YYYY-MM'), 'reference', reference,
                              'amount', jsonb_build_object('amount', amount, 'currency', currency)),
           status, proposed_by, proposed_at, decided_by, decided_at
      from tax_deposits
    union all
    select remittance_id, 'remittance', bank_reference,
           jsonb_build_object('bank_reference', bank_reference, 'party', party, 'seller_orders', to_jsonb(seller_orders),
                              'due', jsonb_build_object('amount', due, 'currency', currency),
                              'received', jsonb_build_object('amount', received, 'currency', currency), 'reason', reason),
           status, proposed_by, proposed_at, decided_by, decided_at
      from remittance_proposals
    union all
    select gen_random_uuid(), 'bearing', dispute_id::text,
           jsonb_build_object('dispute_id', dispute_id, 'bearer', bearer, 'reason', reason),
           status, proposed_by, proposed_at, decided_by, decided_at
      from bearings
)
insert into proposals (proposal_id, kind, subject, about, status, proposed_by, proposed_at, decided_by, decided_at)
select * from said order by proposed_at, id;

-- One waits of each thing; a challan or a transfer is booked once, too.
create unique index proposals_one_stands_idx on proposals (kind, subject)
    where status = 'proposed' or (status = 'booked' and kind in ('tax_deposit', 'remittance'));
create index proposals_subject_idx on proposals (kind, subject, seq);
create index proposals_kind_idx on proposals (kind, seq);
create index proposals_waiting_idx on proposals (kind, seq) where status = 'proposed';
create index proposals_difference_id_idx on proposals (difference_id) where difference_id is not null;

-- None of them was in a release.
drop table explanations;
drop table write_offs;
drop table tax_deposits;
drop table remittance_proposals;
drop table bearings;
