//! The stories. Numbers and names stay; amounts are worked out by hand from prices, rates and terms:
//! 10 % commission with 18 % tax on it, 0.5 % collected and 0.1 % deducted at source.

use super::Scenario;
use super::ends::Ends;
use super::plays::{
    cancelled_part, cancelled_piece, cancelled_then_paid, cancelled_whole, cod_part_rejected,
    delivered, paid_twice, refund_takes_its_time, rejected_part, rejected_whole,
    too_late_to_cancel, with_plan, wrong_then_right,
};
use crate::journey::Method;

/// The books after all three parts were paid for.
const PAID: &[(&str, i64)] = &[
    ("psp_clearing", 434_500),
    ("vendor_payable_pending 1", -131_274),
    ("vendor_payable_pending 2", -227_823),
    ("vendor_payable_pending 3", -22_025),
    ("commission_income", -43_450),
    ("output_gst", -7_821),
    ("tcs_payable", -1_735),
    ("tds_payable", -372),
];

const YES: &str = "Your order is confirmed";
const NO: &str = "Your order was cancelled";
const SENT: &str = "Your order has shipped";
const CHANGED: &str = "Your order has changed";
const SURPLUS: &str = "We received money for your order";
const BACK: &str = "Your refund for order";

const COMMITTED: [[i64; 3]; 3] = [[-3, 3, 0], [-2, 2, 0], [-1, 1, 0]];
const SHIPPED: [[i64; 3]; 3] = [[-3, 0, 3], [-2, 0, 2], [-1, 0, 1]];
const UNTOUCHED: [[i64; 3]; 3] = [[0; 3]; 3];

/// All parts paid for, and nothing else yet.
const CONFIRMED: Ends = Ends {
    order: "confirmed",
    parts: ["confirmed"; 3],
    books: PAID,
    stock: COMMITTED,
    papers: [3, 0],
    refunds: &[],
    mails: &[YES],
};

/// All three parts were paid for and came back whole.
const ALL_BACK: Ends = Ends {
    books: &[],
    stock: UNTOUCHED,
    papers: [3, 3],
    refunds: &[(25_000, "done"), (149_700, "done"), (259_800, "done")],
    mails: &[YES, CHANGED, CHANGED, CHANGED, BACK, BACK, BACK],
    ..CONFIRMED
};

/// Nothing was sold and nobody keeps anything.
const CANCELLED: Ends = Ends {
    order: "cancelled",
    parts: ["cancelled"; 3],
    books: &[],
    stock: UNTOUCHED,
    papers: [0, 0],
    refunds: &[],
    mails: &[NO],
};

/// Every story, by number.
pub const SCENARIOS: [Scenario; 15] = [
    Scenario {
        id: 1,
        name: "upi-delivered",
        happens: "The buyer pays by UPI; three sellers deliver.",
        play: |cast| Box::pin(delivered(cast, Method::Upi)),
        ends: Ends {
            parts: ["delivered"; 3],
            stock: SHIPPED,
            mails: &[YES, SENT, SENT, SENT],
            ..CONFIRMED
        },
    },
    Scenario {
        id: 2,
        name: "cod-delivered",
        happens: "The buyer pays at the door; three sellers deliver and take the cash.",
        play: |cast| Box::pin(delivered(cast, Method::Cod)),
        ends: Ends {
            parts: ["delivered"; 3],
            books: &[
                ("cod_receivable", 434_500),
                ("vendor_payable_pending 1", -131_274),
                ("vendor_payable_pending 2", -227_823),
                ("vendor_payable_pending 3", -22_025),
                ("commission_income", -43_450),
                ("output_gst", -7_821),
                ("tcs_payable", -1_735),
                ("tds_payable", -372),
            ],
            stock: SHIPPED,
            mails: &[YES, SENT, SENT, SENT],
            ..CONFIRMED
        },
    },
    Scenario {
        id: 10,
        name: "paid-twice",
        happens: "The buyer pays twice, and the provider takes both.",
        play: |cast| Box::pin(paid_twice(cast)),
        ends: Ends { refunds: &[(434_500, "done")], mails: &[YES, SURPLUS, BACK], ..CONFIRMED },
    },
    Scenario {
        id: 13,
        name: "wrong-then-right",
        happens: "One rupee comes, then the right amount.",
        play: |cast| Box::pin(wrong_then_right(cast)),
        ends: Ends { refunds: &[(100, "done")], mails: &[YES, SURPLUS, BACK], ..CONFIRMED },
    },
    Scenario {
        id: 16,
        name: "cancelled-then-paid",
        happens: "The buyer cancels, then pays by the old link.",
        play: |cast| Box::pin(cancelled_then_paid(cast)),
        ends: Ends { refunds: &[(434_500, "done")], mails: &[NO, SURPLUS, BACK], ..CANCELLED },
    },
    Scenario {
        id: 22,
        name: "cancelled-whole",
        happens: "The buyer cancels a paid order before any seller accepts.",
        play: |cast| Box::pin(cancelled_whole(cast)),
        ends: Ends { parts: ["buyer_cancelled"; 3], ..ALL_BACK },
    },
    Scenario {
        id: 23,
        name: "cancelled-part",
        happens: "The buyer cancels the part of the third seller.",
        play: |cast| Box::pin(cancelled_part(cast)),
        ends: Ends {
            parts: ["confirmed", "confirmed", "buyer_cancelled"],
            books: &[
                ("psp_clearing", 409_500),
                ("vendor_payable_pending 1", -131_274),
                ("vendor_payable_pending 2", -227_823),
                ("commission_income", -40_950),
                ("output_gst", -7_371),
                ("tcs_payable", -1_735),
                ("tds_payable", -347),
            ],
            stock: [[-3, 3, 0], [-2, 2, 0], [0, 0, 0]],
            papers: [3, 1],
            refunds: &[(25_000, "done")],
            mails: &[YES, CHANGED, BACK],
            ..CONFIRMED
        },
    },
    Scenario {
        id: 24,
        name: "cancelled-piece",
        happens: "The first seller accepts; the buyer cancels one piece of three.",
        play: |cast| Box::pin(cancelled_piece(cast)),
        ends: Ends {
            parts: ["accepted", "confirmed", "confirmed"],
            books: &[
                ("psp_clearing", 384_600),
                ("vendor_payable_pending 1", -87_517),
                ("vendor_payable_pending 2", -227_823),
                ("vendor_payable_pending 3", -22_025),
                ("commission_income", -38_460),
                ("output_gst", -6_922),
                ("tcs_payable", -1_523),
                ("tds_payable", -330),
            ],
            stock: [[-2, 2, 0], [-2, 2, 0], [-1, 1, 0]],
            papers: [3, 1],
            refunds: &[(49_900, "done")],
            mails: &[YES, CHANGED, BACK],
            ..CONFIRMED
        },
    },
    Scenario {
        id: 25,
        name: "too-late-to-cancel",
        happens: "The first seller has shipped; the buyer asks to cancel its part and is told that it is too late.",
        play: |cast| Box::pin(too_late_to_cancel(cast)),
        ends: Ends {
            parts: ["shipped", "confirmed", "confirmed"],
            stock: [[-3, 0, 3], [-2, 2, 0], [-1, 1, 0]],
            mails: &[YES, SENT],
            ..CONFIRMED
        },
    },
    Scenario {
        id: 26,
        name: "rejected-part",
        happens: "The second seller cannot supply its part.",
        play: |cast| Box::pin(rejected_part(cast)),
        ends: REJECTED_PART,
    },
    Scenario {
        id: 27,
        name: "rejected-whole",
        happens: "All three sellers reject their parts.",
        play: |cast| Box::pin(rejected_whole(cast)),
        ends: Ends { parts: ["vendor_rejected"; 3], ..ALL_BACK },
    },
    Scenario {
        id: 33,
        name: "cod-part-rejected",
        happens: "Cash on delivery: the first seller rejects, the others deliver and take the cash.",
        play: |cast| Box::pin(cod_part_rejected(cast)),
        ends: Ends {
            parts: ["vendor_rejected", "delivered", "delivered"],
            books: &[
                ("cod_receivable", 284_800),
                ("vendor_payable_pending 2", -227_823),
                ("vendor_payable_pending 3", -22_025),
                ("commission_income", -28_480),
                ("output_gst", -5_126),
                ("tcs_payable", -1_101),
                ("tds_payable", -245),
            ],
            stock: [[0, 0, 0], [-2, 0, 2], [-1, 0, 1]],
            papers: [3, 1],
            mails: &[YES, CHANGED, SENT, SENT],
            ..CONFIRMED
        },
    },
    Scenario {
        id: 44,
        name: "refund-fails-once",
        happens: "The second seller rejects; the provider takes the refund on, fails, and does it at the second attempt.",
        play: |cast| Box::pin(with_plan(cast, "failed_later")),
        ends: REJECTED_PART,
    },
    Scenario {
        id: 46,
        name: "refund-takes-its-time",
        happens: "The second seller rejects; the bank decides on the refund later.",
        play: |cast| Box::pin(refund_takes_its_time(cast)),
        ends: REJECTED_PART,
    },
    Scenario {
        id: 47,
        name: "refund-answer-lost",
        happens: "The second seller rejects; the provider gives the money back, and its answer is lost.",
        play: |cast| Box::pin(with_plan(cast, "timeout_after_acting")),
        ends: REJECTED_PART,
    },
];

/// The second part came back whole.
const REJECTED_PART: Ends = Ends {
    parts: ["confirmed", "vendor_rejected", "confirmed"],
    books: &[
        ("psp_clearing", 174_700),
        ("vendor_payable_pending 1", -131_274),
        ("vendor_payable_pending 3", -22_025),
        ("commission_income", -17_470),
        ("output_gst", -3_145),
        ("tcs_payable", -634),
        ("tds_payable", -152),
    ],
    stock: [[-3, 3, 0], [0, 0, 0], [-1, 1, 0]],
    papers: [3, 1],
    refunds: &[(259_800, "done")],
    mails: &[YES, CHANGED, BACK],
    ..CONFIRMED
};
