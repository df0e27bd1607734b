//! What goes back, to the paisa.

use kernel::{Money, ProductId, SellerOrderId, Sku, SupplyType, VendorId, gst};
use proptest::prelude::*;

use super::{Credit, CreditRefused, Pieces, Remainder};
use crate::domain::order::{OrderLine, Part};
use crate::domain::scheme::Scheme;
use crate::domain::split::{Share, Sums, Terms};

pub const REGISTERED: Terms = Terms {
    commission_bp: 1000,
    supply: SupplyType::CgstSgst,
    scheme: Scheme::Regular,
    has_pan: true,
    commission_tax_bp: 1800,
    commission_supply: Some(SupplyType::Igst),
    tcs_bp: 50,
    tds_bp: 10,
};

/// A line of so many at this price and rate.
fn line((quantity, unit, gst_rate_bp): (u32, i64, u32), supply: SupplyType) -> OrderLine {
    let unit_price = Money::inr(unit);
    let total = unit_price.times(quantity).unwrap();
    let taxable = gst::inclusive(total, gst_rate_bp, supply).unwrap().taxable;
    OrderLine {
        sku: Sku::parse("LAMP-18").unwrap(),
        product_id: ProductId::new(),
        title: "A lamp".into(),
        hsn: "9405".into(),
        gst_rate_bp,
        quantity,
        unit_price,
        total,
        taxable,
        tax: total.sub(taxable).unwrap(),
    }
}

pub fn part(terms: Terms, lines: &[(u32, i64, u32)]) -> Part {
    let taxed: Vec<bool> = lines.iter().map(|(_, _, gst_rate_bp)| *gst_rate_bp > 0).collect();
    let own_rate = |(quantity, unit, rate)| (quantity, unit, terms.scheme.rate_bp(rate));
    let lines: Vec<_> = lines.iter().map(|it| line(own_rate(*it), terms.supply)).collect();
    let shipping = Money::inr(0);
    let sums = Sums::of(&lines, &taxed, shipping).unwrap();
    Part {
        seller_order_id: SellerOrderId::new(),
        number: "M261122-000001-1".into(),
        vendor_id: VendorId::new(),
        vendor_name: "Nila".into(),
        lines,
        taxed,
        shipping,
        tax: sums.gross.sub(sums.taxable).unwrap(),
        total: sums.gross,
        share: terms.share(sums).unwrap(),
        terms: Some(terms),
    }
}

/// What is left of a part, credit by credit.
pub struct Story<'a> {
    part: &'a Part,
    pub left: Vec<u32>,
    worth: Vec<Money>,
    pub gross: Money,
    pub share: Share,
}

impl<'a> Story<'a> {
    pub fn of(part: &'a Part) -> Self {
        let left = part.lines.iter().map(|line| line.quantity).collect();
        let worth = part.lines.iter().map(|line| line.total).collect();
        Self { part, left, worth, gross: part.total, share: part.share }
    }

    pub fn remainder(&self) -> Remainder<'_> {
        let (gross, share, worth) = (self.gross, self.share, self.worth.clone());
        Remainder { part: self.part, left: &self.left, worth, gross, share }
    }

    pub fn take(&mut self, wanted: Option<&[Pieces]>) -> Result<Credit, CreditRefused> {
        let credit = self.remainder().take(wanted)?;
        Ok(self.without(credit))
    }

    pub fn without(&mut self, credit: Credit) -> Credit {
        for line in &credit.lines {
            let nth = usize::try_from(line.pieces.position).unwrap();
            self.left[nth] -= line.pieces.quantity;
            self.worth[nth] = self.worth[nth].sub(line.total).unwrap();
        }
        self.gross = self.gross.sub(credit.gross).unwrap();
        self.share = self.share.less(credit.share).unwrap();
        credit
    }

    pub fn piece(&mut self, position: u32) -> Credit {
        self.take(Some(&[Pieces { position, quantity: 1 }])).unwrap()
    }
}

/// Total, taxable, commission, its tax, TCS, TDS, payable.
pub fn amounts(credit: &Credit) -> [i64; 7] {
    let [taxable, commission, commission_tax, tcs, tds, payable] = credit.share.components();
    [credit.gross, taxable, commission, commission_tax, tcs, tds, payable].map(Money::minor)
}

#[test]
fn three_pieces_that_come_back_one_by_one_add_up_to_what_was_sold() {
    let part = part(REGISTERED, &[(3, 49_900, 1800)]);
    assert_eq!(part.share.payable, Money::inr(131_274));
    let mut story = Story::of(&part);
    let credits = [story.piece(0), story.piece(0), story.piece(0)];
    assert_eq!(
        credits.each_ref().map(amounts),
        [
            [49_900, 42_288, 4990, 899, 212, 42, 43_757],
            [49_900, 42_288, 4990, 898, 210, 43, 43_759],
            [49_900, 42_288, 4990, 898, 212, 42, 43_758],
        ]
    );
    assert_eq!(credits[0].lines[0].tax, Money::inr(2 * 3806));
    assert_eq!(credits.each_ref().map(|credit| credit.ended), [false, false, true]);
}

#[test]
fn two_pieces_from_another_state_add_up_too() {
    let part = part(Terms { supply: SupplyType::Igst, ..REGISTERED }, &[(2, 129_900, 1800)]);
    let mut story = Story::of(&part);
    let credits = [story.piece(0), story.piece(0)];
    assert_eq!(
        credits.each_ref().map(amounts),
        [
            [129_900, 110_084, 12_990, 2338, 551, 110, 113_911],
            [129_900, 110_085, 12_990, 2338, 550, 110, 113_912],
        ]
    );
    assert_eq!(credits.map(|credit| credit.lines[0].tax.minor()), [19_816, 19_815]);
}

#[test]
fn a_seller_without_registration_has_neither_tax_nor_tcs_to_give_back() {
    let part =
        part(Terms { scheme: Scheme::Enrolled, tcs_bp: 0, ..REGISTERED }, &[(1, 25_000, 1800)]);
    let credit = Story::of(&part).take(None).unwrap();
    assert_eq!(amounts(&credit), [25_000, 25_000, 2500, 450, 0, 25, 22_025]);
    assert_eq!(credit.lines[0].tax, Money::inr(0));
}

#[test]
fn a_seller_under_composition_gets_back_what_was_collected_on_what_came_back() {
    let terms = Terms { scheme: Scheme::Composition, ..REGISTERED };
    let part = part(terms, &[(1, 50_000, 0), (2, 11_800, 1800)]);
    assert_eq!((part.tax, part.share.tcs), (Money::inr(0), Money::inr(118)));
    let mut story = Story::of(&part);
    let book = story.piece(0);
    assert_eq!((book.share.tcs, book.taxed(&part).unwrap()), (Money::inr(0), Money::inr(0)));
    let lamp = story.piece(1);
    // 118 less the two halves of 29.5 paise that stay.
    assert_eq!((lamp.share.tcs, lamp.taxed(&part).unwrap()), (Money::inr(58), Money::inr(11_800)));
}

#[test]
fn what_bears_no_tax_has_none_collected_at_source() {
    let book = part(REGISTERED, &[(1, 50_000, 0)]);
    assert_eq!(book.share.tcs, Money::inr(0));
    let mixed = part(REGISTERED, &[(1, 50_000, 0), (1, 11_800, 1800)]);
    assert_eq!(mixed.share.tcs, Money::inr(50));
    let mut story = Story::of(&mixed);
    assert_eq!(story.piece(0).share.tcs, Money::inr(0));
    assert_eq!(story.piece(1).share.tcs, Money::inr(50));
}

#[test]
fn more_than_is_left_cannot_be_taken_back() {
    let part = part(REGISTERED, &[(3, 49_900, 1800), (1, 100, 0)]);
    let mut story = Story::of(&part);
    let twice = [Pieces { position: 0, quantity: 1 }, Pieces { position: 0, quantity: 1 }];
    assert_eq!(story.take(Some(&twice)).unwrap().lines[0].pieces.quantity, 2);
    let refused = story.take(Some(&twice)).unwrap_err();
    assert_eq!(refused, CreditRefused::NotLeft { position: 0, left: 0 });
    let unknown = [Pieces { position: 7, quantity: 1 }];
    let refused = story.take(Some(&unknown)).unwrap_err();
    assert_eq!(refused, CreditRefused::NoLine { position: 7 });
    let rest = story.take(None).unwrap();
    let lines: Vec<_> = rest.lines.iter().map(|line| line.pieces.position).collect();
    assert_eq!((lines, rest.ended), (vec![0, 1], true));
}

#[test]
fn what_was_placed_before_terms_were_kept_goes_back_whole_or_not_at_all() {
    let mut part = part(REGISTERED, &[(3, 49_900, 1800)]);
    part.terms = None;
    let one = [Pieces { position: 0, quantity: 1 }];
    let mut story = Story::of(&part);
    assert_eq!(story.take(Some(&one)), Err(CreditRefused::Indivisible));
    let whole = story.take(None).unwrap();
    assert_eq!((whole.gross, whole.share), (part.total, part.share));
}

#[test]
fn pieces_that_cost_less_than_the_rounding_of_their_tax_go_back_together() {
    let part = part(REGISTERED, &[(100, 1, 1800)]);
    let mut story = Story::of(&part);
    let refused = (0..99).any(|_| {
        let one = [Pieces { position: 0, quantity: 1 }];
        story.take(Some(&one)) == Err(CreditRefused::Indivisible)
    });
    assert!(refused);
    assert!(story.take(None).unwrap().ended);
}

proptest! {
    #[test]
    fn any_sequence_of_credits_adds_up_to_what_was_sold(
        lines in prop::collection::vec(
            (1_u32..6, 100_i64..1_000_000, prop::sample::select(vec![0_u32, 25, 300, 500, 1200, 1800, 2800])),
            1..5,
        ),
        (commission_bp, inter, at_home) in (0_u32..=5000, any::<bool>(), any::<bool>()),
        (scheme, tds_bp) in (
            prop_oneof![
                Just(Scheme::Regular), Just(Scheme::Composition), Just(Scheme::Enrolled)
            ],
            prop_oneof![Just(10_u32), Just(500)],
        ),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 1_u32..4), 0..20),
    ) {
        let supply = if inter { SupplyType::Igst } else { SupplyType::CgstSgst };
        let platform = if at_home { SupplyType::CgstSgst } else { SupplyType::Igst };
        let (tcs_bp, commission_supply) = (scheme.tcs_bp(50), Some(platform));
        let split = Terms { commission_bp, supply, scheme, ..REGISTERED };
        let terms = Terms { commission_supply, tcs_bp, tds_bp, ..split };
        let part = part(terms, &lines);
        let mut story = Story::of(&part);
        let mut credits = Vec::new();
        for (pick, quantity) in picks {
            let position = u32::try_from(pick.index(lines.len())).unwrap();
            match story.take(Some(&[Pieces { position, quantity }])) {
                Ok(credit) => credits.push(credit),
                Err(refused) => {
                    prop_assert!(matches!(refused, CreditRefused::NotLeft { .. }), "{refused}");
                }
            }
        }
        if !credits.last().is_some_and(|credit| credit.ended) {
            credits.push(story.take(None).unwrap());
        }

        for credit in &credits {
            let taxable = Money::sum(credit.lines.iter().map(|l| l.taxable), credit.gross.currency());
            prop_assert_eq!(taxable.unwrap(), credit.share.taxable);
            for line in &credit.lines {
                prop_assert_eq!(line.taxable.add(line.tax).unwrap(), line.total);
                prop_assert!(inter || line.tax.minor() % 2 == 0, "central and state tax are equal");
            }
            let [taxable, commission, commission_tax, tcs, tds, payable] = credit.share.components();
            let parts = [commission, commission_tax, tcs, tds, payable];
            prop_assert_eq!(Money::sum(parts, credit.gross.currency()).unwrap(), credit.gross);
            prop_assert!([taxable, tcs, tds, payable].into_iter().all(|m| !m.is_negative()));
        }
        prop_assert!(credits.last().unwrap().ended);
        prop_assert!(story.left.iter().all(|left| *left == 0));
        prop_assert!(story.gross.is_zero());
        prop_assert!(story.share.components().into_iter().all(Money::is_zero));
    }
}
