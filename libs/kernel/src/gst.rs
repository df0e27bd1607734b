//! Goods and services tax of India: which tax, how much, and what the marketplace withholds.

mod tax;
mod withheld;
mod year;

pub use tax::{Tax, exclusive, inclusive};
pub use withheld::{Tcs, tcs};
pub use year::FinancialYear;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::StateCode;

/// Which taxes a supply bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SupplyType {
    /// Within a state: half to the centre, half to the state.
    CgstSgst,
    /// Within a union territory without a parliament: half to the centre, half to the territory.
    CgstUtgst,
    /// Between states: all of it integrated tax.
    Igst,
}

impl SupplyType {
    /// The taxes on a supply from `supplier_state` to `place_of_supply`.
    #[must_use]
    pub fn of(supplier_state: StateCode, place_of_supply: StateCode) -> Self {
        let (from, to) = (supplier_state.current(), place_of_supply.current());
        match (from == to, to.is_utgst()) {
            (false, _) => Self::Igst,
            (true, true) => Self::CgstUtgst,
            (true, false) => Self::CgstSgst,
        }
    }

    /// Whether the goods cross a border between states.
    pub const fn is_inter_state(self) -> bool {
        match self {
            Self::Igst => true,
            Self::CgstSgst | Self::CgstUtgst => false,
        }
    }

    /// The names of the taxes, as an invoice prints them.
    pub const fn components(self) -> &'static [&'static str] {
        match self {
            Self::CgstSgst => &["CGST", "SGST"],
            Self::CgstUtgst => &["CGST", "UTGST"],
            Self::Igst => &["IGST"],
        }
    }
}
