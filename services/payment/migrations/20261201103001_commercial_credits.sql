-- When it is too late to take the tax back that was collected at source, its seller bears it, who has it as a credit: more
-- of the seller's part goes back, by as much as stays with the state.
set local lock_timeout = '5s';

alter table shares
    drop constraint shares_credited_at_most_check,
    add constraint shares_credited_at_most_check
        check (credited_gross <= gross and credited_taxable <= taxable and credited_commission <= commission
               and credited_commission_tax <= commission_tax and credited_tcs <= tcs and credited_tds <= tds
               and credited_payable + credited_tcs <= payable + tcs);
