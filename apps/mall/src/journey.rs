//! The journey: one buyer, several sellers, one order, paid by UPI or on delivery, told step by step.

mod after;
pub mod buy;
mod reviews;

use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::live::Dashboard;
use crate::person::Person;
use crate::reporter::{Reporter, Step};
use crate::seed::SeededSeller;
use crate::settings::Settings;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// UPI, played at the provider's sandbox.
    Upi,
    /// Cash on delivery.
    Cod,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Upi => "upi",
            Self::Cod => "cod",
        }
    }
}

/// Who takes part.
#[derive(Debug, Clone)]
pub struct Actors {
    pub settings: Settings,
    pub staff: Person,
    /// The sellers the buyer buys from.
    pub sellers: Vec<SeededSeller>,
    /// The buyer's mail address; one that is new to the mall.
    pub buyer: String,
    /// Where the invoices are put.
    pub folder: PathBuf,
}

/// One document of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invoice {
    /// Its legal number.
    pub number: String,
    /// Its fingerprint, as the mall says and as the file has.
    pub sha256: String,
    /// A link that opens it without signing in.
    pub url: String,
    /// The file it was saved as.
    pub file: PathBuf,
}

/// What came of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub buyer: String,
    pub vendors: Vec<String>,
    pub checkout_id: String,
    pub order_id: String,
    pub order_number: String,
    /// One per seller.
    pub seller_orders: Vec<String>,
    pub payment_id: String,
    /// One per seller.
    pub invoices: Vec<Invoice>,
    /// Pages of the mails the buyer got.
    pub messages: Vec<String>,
    /// The trace of the checkout.
    pub trace_id: String,
    pub steps: Vec<Step>,
}

/// Plays the journey. The story is told as it goes, unless it is quiet.
pub async fn play(
    actors: &Actors,
    method: Method,
    reporter: &mut Reporter,
) -> anyhow::Result<Report> {
    let mut dashboard = Dashboard::new(&actors.staff, "/v1/analytics/live");
    let before = reporter.step("staff open the live dashboard", dashboard.until(|_| true)).await?;
    let bought = buy::buy(actors, method, reporter).await?;
    let counts =
        |now: &Value| now["orders"].as_i64() > Some(0) && now["orders"] != before["orders"];
    reporter.step("the order shows up on the live dashboard", dashboard.until(counts)).await?;
    let (invoices, messages) = after::documents(actors, &bought, reporter).await?;
    after::fulfil(actors, &bought, method, reporter).await?;
    reviews::review(actors, &bought, reporter).await?;
    after::numbers(actors, &bought, reporter).await?;
    Ok(report(bought, invoices, messages, reporter))
}

fn report(
    bought: buy::Bought,
    invoices: Vec<Invoice>,
    messages: Vec<String>,
    reporter: &Reporter,
) -> Report {
    let parts = bought.order["seller_orders"].as_array().cloned().unwrap_or_default();
    Report {
        buyer: bought.buyer.id(),
        vendors: parts.iter().map(|p| after::text(&p["vendor_id"])).collect(),
        checkout_id: bought.checkout_id.clone(),
        order_id: after::text(&bought.order["order_id"]),
        order_number: after::text(&bought.order["number"]),
        seller_orders: parts.iter().map(|p| after::text(&p["seller_order_id"])).collect(),
        payment_id: after::text(&bought.order["payment"]["payment_id"]),
        invoices,
        messages,
        trace_id: bought.trace_id,
        steps: reporter.steps.clone(),
    }
}
