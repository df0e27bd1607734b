//! The ends that several stories share. Amounts are worked out by hand from prices, rates and terms: 10 % commission with
//! 18 % tax on it, 0.5 % collected and 0.1 % deducted at source.

use super::ends::Ends;

pub const YES: &str = "Your order is confirmed";
pub const NO: &str = "Your order was cancelled";
pub const NEVER: &str = "Your order could not be placed";
pub const SENT: &str = "Your order has shipped";
pub const HERE: &str = "Your order has arrived";
pub const CHANGED: &str = "Your order has changed";
pub const SURPLUS: &str = "We received money for your order";
pub const DELAYED: &str = "Your refund for order takes longer";
pub const NEEDS_ACCOUNT: &str = "Where shall your refund for order go?";
pub const ASKED: &str = "Your bank asks back what you paid for order";
/// A paper without a mail that it could come with.
pub const NOTE: &str = "A credit note for your order";
pub const BACK: &str = "Your refund for order";
pub const GIVEN: &str = "We gave you something back for order";
pub const RETURN: &str = "Your return of order";
pub const RETURN_REFUSED: &str = "Your return of order was refused";

pub const COMMITTED: &[[i64; 3]] = &[[-3, 3, 0], [-2, 2, 0], [-1, 1, 0]];
pub const SHIPPED: &[[i64; 3]] = &[[-3, 0, 3], [-2, 0, 2], [-1, 0, 1]];
pub const UNTOUCHED: &[[i64; 3]] = &[[0; 3]; 3];

/// The books after all three parts were paid for.
pub const PAID: &[(&str, i64)] = &[
    ("psp_clearing", 434_500),
    ("vendor_payable_pending 1", -131_274),
    ("vendor_payable_pending 2", -227_823),
    ("vendor_payable_pending 3", -22_025),
    ("commission_income", -43_450),
    ("output_gst", -7_821),
    ("tcs_payable", -1_735),
    ("tds_payable", -372),
];

/// The books without the first part.
pub const WITHOUT_FIRST: &[(&str, i64)] = &[
    ("psp_clearing", 284_800),
    ("vendor_payable_pending 2", -227_823),
    ("vendor_payable_pending 3", -22_025),
    ("commission_income", -28_480),
    ("output_gst", -5_126),
    ("tcs_payable", -1_101),
    ("tds_payable", -245),
];

/// The same, the cash having been taken at the door.
pub const CASH_WITHOUT_FIRST: &[(&str, i64)] = &[
    ("cod_receivable", 284_800),
    ("vendor_payable_pending 2", -227_823),
    ("vendor_payable_pending 3", -22_025),
    ("commission_income", -28_480),
    ("output_gst", -5_126),
    ("tcs_payable", -1_101),
    ("tds_payable", -245),
];

/// The books without one piece of the first part.
pub const ONE_PIECE_BACK: &[(&str, i64)] = &[
    ("psp_clearing", 384_600),
    ("vendor_payable_pending 1", -87_517),
    ("vendor_payable_pending 2", -227_823),
    ("vendor_payable_pending 3", -22_025),
    ("commission_income", -38_460),
    ("output_gst", -6_922),
    ("tcs_payable", -1_523),
    ("tds_payable", -330),
];

/// The books without the second part.
pub const WITHOUT_SECOND: &[(&str, i64)] = &[
    ("psp_clearing", 174_700),
    ("vendor_payable_pending 1", -131_274),
    ("vendor_payable_pending 3", -22_025),
    ("commission_income", -17_470),
    ("output_gst", -3_145),
    ("tcs_payable", -634),
    ("tds_payable", -152),
];

/// The books without the third part.
pub const WITHOUT_THIRD: &[(&str, i64)] = &[
    ("psp_clearing", 409_500),
    ("vendor_payable_pending 1", -131_274),
    ("vendor_payable_pending 2", -227_823),
    ("commission_income", -40_950),
    ("output_gst", -7_371),
    ("tcs_payable", -1_735),
    ("tds_payable", -347),
];

/// All parts paid for, and nothing else yet.
pub const CONFIRMED: Ends = Ends {
    order: "confirmed",
    parts: &["confirmed"; 3],
    books: PAID,
    stock: COMMITTED,
    papers: [3, 0],
    refunds: &[],
    mails: &[YES],
};

/// The first part came back whole, before it was shipped.
pub const FIRST_BACK: Ends = Ends {
    books: WITHOUT_FIRST,
    stock: &[[0, 0, 0], [-2, 2, 0], [-1, 1, 0]],
    papers: [3, 1],
    refunds: &[(149_700, "done")],
    mails: &[YES, CHANGED, BACK],
    ..CONFIRMED
};

/// The second seller rejected its part.
pub const REJECTED_PART: Ends = Ends {
    parts: &["confirmed", "vendor_rejected", "confirmed"],
    books: WITHOUT_SECOND,
    stock: &[[-3, 3, 0], [0, 0, 0], [-1, 1, 0]],
    papers: [3, 1],
    refunds: &[(259_800, "done")],
    mails: &[YES, CHANGED, BACK],
    ..CONFIRMED
};

/// All three parts were paid for and came back whole.
pub const ALL_BACK: Ends = Ends {
    books: &[],
    stock: UNTOUCHED,
    papers: [3, 3],
    refunds: &[(25_000, "done"), (149_700, "done"), (259_800, "done")],
    mails: &[YES, CHANGED, CHANGED, CHANGED, BACK, BACK, BACK],
    ..CONFIRMED
};

/// Nothing was sold and nobody keeps anything.
pub const CANCELLED: Ends = Ends {
    order: "cancelled",
    parts: &["cancelled"; 3],
    books: &[],
    stock: UNTOUCHED,
    papers: [0, 0],
    refunds: &[],
    mails: &[NO],
};

/// Nothing was sold, and what came too late goes back.
pub const CAME_TOO_LATE: Ends =
    Ends { refunds: &[(434_500, "done")], mails: &[NO, SURPLUS, BACK], ..CANCELLED };

/// It never became an order.
pub const REJECTED: Ends = Ends { order: "rejected", mails: &[NEVER], ..CANCELLED };
