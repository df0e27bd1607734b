-- Cash that arrived otherwise than it was taken: one member of staff says so, another one agrees. More than was taken may
-- arrive.
set local lock_timeout = '5s';

alter table remittances
    -- Why other than what was taken arrived, in staff's words.
    add column reason text,
    drop constraint remittances_received_check,
    add constraint remittances_received_check check (received >= 0 and due > 0) not valid;
alter table remittances validate constraint remittances_received_check;

create table remittance_proposals (
    remittance_id  uuid        constraint remittance_proposals_pkey primary key,
    -- In the order in which they were reported.
    seq            bigint      generated always as identity constraint remittance_proposals_seq_key unique,
    -- The bank's number for the transfer.
    bank_reference text        not null,
    party          text        not null,
    seller_orders  uuid[]      not null,
    due            bigint      not null,
    received       bigint      not null,
    currency       char(3)     not null,
    reason         text        not null,
    status         text        not null
        constraint remittance_proposals_status_check check (status in ('proposed', 'booked', 'declined')),
    proposed_by    uuid        not null,
    proposed_at    timestamptz not null,
    decided_by     uuid,
    decided_at     timestamptz,
    constraint remittance_proposals_received_check check (received >= 0 and due > 0 and received <> due),
    constraint remittance_proposals_decided_check
        check ((decided_by is null) = (status = 'proposed') and (decided_at is null) = (status = 'proposed')),
    constraint remittance_proposals_two_people_check check (status <> 'booked' or decided_by <> proposed_by)
);
create unique index remittance_proposals_reference_idx on remittance_proposals (bank_reference) where status <> 'declined';
create index remittance_proposals_waiting_idx on remittance_proposals (seq) where status = 'proposed';
