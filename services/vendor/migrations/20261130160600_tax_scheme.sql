-- Under which scheme of goods and services tax a seller supplies, and commission that leaves it something.
set local lock_timeout = '5s';

alter table vendors
    -- Open of those that were here before: then with a GSTIN it is regular, without one enrolled.
    add column scheme    text constraint vendors_scheme_check check (scheme in ('regular', 'composition', 'enrolled')),
    add column enrolment text constraint vendors_enrolment_check check (enrolment ~ '^[0-9A-Z]{15}$'),
    add constraint vendors_scheme_gstin_check check ((scheme = 'enrolled') = (gstin is null)),
    add constraint vendors_enrolment_gstin_check check (enrolment is null or gstin is null);

-- More than half was never asked of anybody who sold something: from five sixths on a seller would pay for selling.
update vendors set commission_bp = 5000 where commission_bp > 5000;
alter table vendors
    drop constraint vendors_commission_bp_check,
    add constraint vendors_commission_bp_check check (commission_bp between 0 and 5000);
