//! How the buyer's money is split: tax out of the price, commission and withheld taxes out of a seller's total.

use kernel::gst::{self, Payee, TCS_BP, TdsRule};
use kernel::{Money, MoneyError, StateCode, SupplyType, VendorId};

use super::order::Share;

/// Tax on the platform's commission, in basis points.
const COMMISSION_GST_BP: u32 = 1800;

/// What a seller's terms are at the moment of placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    pub vendor_id: VendorId,
    /// The name buyers see.
    pub name: String,
    /// Where its supplies start.
    pub state: StateCode,
    /// Whether it is registered for goods and services tax.
    pub has_gstin: bool,
    /// Whether its permanent account number is on file.
    pub has_pan: bool,
    /// The platform's commission in basis points, before tax.
    pub commission_bp: u32,
}

impl Seller {
    /// The tax a price of this seller contains: a seller who is not registered may not charge any.
    pub fn rate_bp(&self, gst_rate_bp: u32) -> u32 {
        if self.has_gstin { gst_rate_bp } else { 0 }
    }

    /// Shares `gross`, of which `taxable` is without tax, with this seller.
    pub fn share(
        &self,
        gross: Money,
        taxable: Money,
        supply: SupplyType,
    ) -> Result<Share, MoneyError> {
        let commission = gross.share_bp(self.commission_bp);
        let commission_tax = commission.share_bp(COMMISSION_GST_BP);
        let tcs = if self.has_gstin {
            gst::tcs(taxable, TCS_BP, supply)?.total()?
        } else {
            Money::zero(gross.currency())
        };
        let payee = if self.has_pan { Payee::WithPan } else { Payee::WithoutPan };
        let tds = gst::tds_194o(taxable, payee, TdsRule::SINCE_OCTOBER_2024)?.amount;

        let payable = gross.sub(commission)?.sub(commission_tax)?.sub(tcs)?.sub(tds)?;
        Ok(Share { taxable, commission, commission_tax, tcs, tds, payable })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Money, StateCode, SupplyType, VendorId};
    use proptest::prelude::*;

    use super::Seller;

    fn seller(commission_bp: u32) -> Seller {
        Seller {
            vendor_id: VendorId::new(),
            name: "Lotus Home".into(),
            state: StateCode::parse("27").unwrap(),
            has_gstin: true,
            has_pan: true,
            commission_bp,
        }
    }

    #[test]
    fn without_a_pan_five_percent_are_withheld() {
        let seller = Seller { has_pan: false, ..seller(1000) };
        let share = seller.share(Money::inr(11_800), Money::inr(10_000), SupplyType::Igst).unwrap();
        assert_eq!(share.tds, Money::inr(500));
        assert_eq!(share.tcs, Money::inr(50));
    }

    #[test]
    fn a_seller_without_registration_charges_no_tax_and_has_none_collected() {
        let seller = Seller { has_gstin: false, ..seller(1000) };
        assert_eq!(seller.rate_bp(1800), 0);
        let share =
            seller.share(Money::inr(10_000), Money::inr(10_000), SupplyType::CgstSgst).unwrap();
        assert_eq!(share.tcs, Money::inr(0));
        assert_eq!(share.payable, Money::inr(10_000 - 1000 - 180 - 10));
    }

    proptest! {
        #[test]
        fn the_shares_add_up_to_what_the_buyer_pays(
            gross in 0_i64..10_000_000_000,
            rate_bp in 0_u32..4000,
            commission_bp in 0_u32..3000,
            inter in any::<bool>(),
        ) {
            let supply = if inter { SupplyType::Igst } else { SupplyType::CgstSgst };
            let gross = Money::inr(gross);
            let tax = kernel::gst::inclusive(gross, rate_bp, supply).unwrap();
            let share = seller(commission_bp).share(gross, tax.taxable, supply).unwrap();
            let parts = [share.payable, share.commission, share.commission_tax, share.tcs, share.tds];
            prop_assert_eq!(Money::sum(parts, gross.currency()).unwrap(), gross);
        }
    }
}
