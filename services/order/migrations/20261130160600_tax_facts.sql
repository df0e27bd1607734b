-- What tax depends on: the scheme of a seller, the rates of a day, and which lines are taxable supplies. Frozen with every
-- seller order from now on.
set local lock_timeout = '5s';

-- Open until the seller is heard of again: then with a GSTIN it is regular, without one enrolled.
alter table vendor_copies
    add column scheme text constraint vendor_copies_scheme_check
                           check (scheme in ('regular', 'composition', 'enrolled'));

-- A rate holds from its day in India until the next one of its kind begins. What the law changes is one row more here.
create table withholding_rates (
    kind       text    not null constraint withholding_rates_kind_check
                                check (kind in ('commission_tax', 'tcs', 'tds_with_pan', 'tds_without_pan')),
    valid_from date    not null,
    bp         integer not null constraint withholding_rates_bp_check check (bp between 0 and 10000),
    constraint withholding_rates_pkey primary key (kind, valid_from)
);
insert into withholding_rates (kind, valid_from, bp) values
    ('commission_tax',  '2017-07-01', 1800),
    ('tcs',             '2024-07-10', 50),
    ('tds_with_pan',    '2024-10-01', 10),
    ('tds_without_pan', '2020-10-01', 500);

alter table seller_orders
    -- Open of what was placed before, or is placed by the release before: then it follows from has_gstin and has_pan and
    -- the rates above, and the tax on commission was rounded as a whole.
    add column scheme            text    constraint seller_orders_scheme_check
                                         check (scheme in ('regular', 'composition', 'enrolled')),
    -- The platform's supply to the seller.
    add column commission_supply text    constraint seller_orders_commission_supply_check
                                         check (commission_supply in ('cgst_sgst', 'cgst_utgst', 'igst')),
    add column commission_tax_bp integer constraint seller_orders_commission_tax_bp_check check (commission_tax_bp >= 0),
    add column tcs_bp            integer constraint seller_orders_tcs_bp_check check (tcs_bp >= 0),
    add column tds_bp            integer constraint seller_orders_tds_bp_check check (tds_bp >= 0),
    add constraint seller_orders_rates_check
        check (num_nulls(scheme, commission_supply, commission_tax_bp, tcs_bp, tds_bp) in (0, 5)),
    -- Not valid: what was placed before and breaks it can only end, for payment-service refuses it.
    add constraint seller_orders_payable_check check (payable >= 0) not valid;

alter table order_lines
    -- A taxable supply, also where its seller may not charge the tax. Open as above: then it is what tax was charged on.
    add column taxed boolean;
