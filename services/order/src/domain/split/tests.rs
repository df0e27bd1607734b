//! How the money is split, to the paisa.

use kernel::{Money, StateCode, SupplyType, VendorId, gst};
use proptest::prelude::*;

use super::super::scheme::Scheme;
use super::{Rates, Seller, Share, Sums};

fn state(code: &str) -> StateCode {
    StateCode::parse(code).unwrap()
}

fn seller(scheme: Scheme, commission_bp: u32) -> Seller {
    Seller {
        vendor_id: VendorId::new(),
        name: "Lotus Home".into(),
        state: state("27"),
        scheme,
        has_pan: true,
        commission_bp,
    }
}

/// What is left of `gross`, all of it a taxable supply, through a platform in Delhi.
fn share(seller: &Seller, gross: i64, taxable: i64, supply: SupplyType) -> Share {
    share_in("07", seller, gross, taxable, supply)
}

fn share_in(
    platform: &str,
    seller: &Seller,
    gross: i64,
    taxable: i64,
    supply: SupplyType,
) -> Share {
    let (gross, taxable) = (Money::inr(gross), Money::inr(taxable));
    let terms = seller.terms(supply, Rates::BEFORE_DATES, state(platform));
    terms.share(Sums { gross, taxable, taxed: taxable }).unwrap()
}

#[test]
fn without_a_pan_five_percent_are_withheld() {
    let seller = Seller { has_pan: false, ..seller(Scheme::Regular, 1000) };
    let share = share(&seller, 11_800, 10_000, SupplyType::Igst);
    assert_eq!(share.tds, Money::inr(500));
    assert_eq!(share.tcs, Money::inr(50));
}

/// However small the seller: who sells how much through whom is not known here.
#[test]
fn with_a_pan_a_tenth_of_a_percent_is_withheld_from_everybody() {
    let share = share(&seller(Scheme::Enrolled, 1000), 10_000, 10_000, SupplyType::CgstSgst);
    assert_eq!(share.tds, Money::inr(10));
}

#[test]
fn a_seller_without_registration_charges_no_tax_and_has_none_collected() {
    let share = share(&seller(Scheme::Enrolled, 1000), 10_000, 10_000, SupplyType::CgstSgst);
    assert_eq!(Scheme::Enrolled.rate_bp(1800), 0);
    assert_eq!(share.tcs, Money::inr(0));
    assert_eq!(share.payable, Money::inr(10_000 - 1000 - 180 - 10));
}

#[test]
fn a_seller_under_composition_charges_no_tax_and_has_it_collected() {
    let share = share(&seller(Scheme::Composition, 1000), 10_000, 10_000, SupplyType::CgstSgst);
    assert_eq!(Scheme::Composition.rate_bp(1800), 0);
    assert_eq!(share.tcs, Money::inr(50));
    assert_eq!(share.payable, Money::inr(10_000 - 1000 - 180 - 50 - 10));
}

#[test]
fn who_may_not_charge_tax_supplies_within_its_own_state() {
    for scheme in [Scheme::Composition, Scheme::Enrolled] {
        let seller = seller(scheme, 1000);
        assert!(seller.may_supply_to(state("27")) && !seller.may_supply_to(state("29")));
    }
    assert!(seller(Scheme::Regular, 1000).may_supply_to(state("29")));
    assert!(Scheme::Enrolled.may_supply(state("28"), state("37")), "it has another code now");
}

/// 14 970 at 9 % is 1 347.3: twice 1 347 in one state, 2 694.6 between two.
#[test]
fn the_tax_on_commission_has_two_halves_where_platform_and_seller_share_a_state() {
    let seller = seller(Scheme::Regular, 1000);
    let tax = |platform| {
        share_in(platform, &seller, 149_700, 126_864, SupplyType::CgstSgst).commission_tax
    };
    assert_eq!(tax("27"), Money::inr(2694));
    assert_eq!(tax("07"), Money::inr(2695));
}

#[test]
fn the_highest_commission_leaves_the_seller_something() {
    let seller = Seller { has_pan: false, ..seller(Scheme::Regular, 5000) };
    for gross in 1..500 {
        assert!(!share(&seller, gross, gross, SupplyType::Igst).payable.is_negative(), "{gross}");
    }
}

prop_compose! {
    fn any_seller()(
        scheme in prop_oneof![
            Just(Scheme::Regular), Just(Scheme::Composition), Just(Scheme::Enrolled)
        ],
        commission_bp in 0_u32..=5000,
        has_pan in any::<bool>(),
    ) -> Seller {
        Seller { has_pan, ..seller(scheme, commission_bp) }
    }
}

proptest! {
    #[test]
    fn the_shares_of_every_scheme_add_up_to_what_the_buyer_pays(
        seller in any_seller(),
        gross in 0_i64..10_000_000_000,
        rate_bp in 0_u32..4000,
        inter in any::<bool>(),
        platform in prop_oneof![Just("27"), Just("07")],
    ) {
        let supply = if inter { SupplyType::Igst } else { SupplyType::CgstSgst };
        let gross = Money::inr(gross);
        let tax = gst::inclusive(gross, seller.scheme.rate_bp(rate_bp), supply).unwrap();
        let share = share_in(platform, &seller, gross.minor(), tax.taxable.minor(), supply);
        let parts = [share.payable, share.commission, share.commission_tax, share.tcs, share.tds];
        prop_assert_eq!(Money::sum(parts, gross.currency()).unwrap(), gross);
        prop_assert!(!share.payable.is_negative());
        prop_assert!(share.tcs.is_zero() || seller.scheme.has_gstin());
        let halved = platform == "27";
        prop_assert!(!halved || share.commission_tax.minor() % 2 == 0);
    }
}
