//! How a supply is written in the tables.

use chassis::row;
use kernel::SupplyType;

/// The word for it.
pub const fn word(supply: SupplyType) -> &'static str {
    match supply {
        SupplyType::CgstSgst => "cgst_sgst",
        SupplyType::CgstUtgst => "cgst_utgst",
        SupplyType::Igst => "igst",
    }
}

/// What the word stands for.
pub fn read(kept: &str) -> sqlx::Result<SupplyType> {
    let all = [SupplyType::CgstSgst, SupplyType::CgstUtgst, SupplyType::Igst];
    let found = all.into_iter().find(|supply| word(*supply) == kept);
    found.ok_or_else(|| row::unknown("seller_orders.supply", kept))
}
