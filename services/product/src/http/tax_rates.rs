//! Which rates of GST goods may bear, as staff keeps it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Staff};
use chassis::{Idempotent, Json, Problem, Tx};
use jiff::civil::Date;
use kernel::{Line, Sku, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::domain::hsn_rates::{DatedRate, HsnPrefix, Rule};
use crate::domain::text::Hsn;
use crate::store::examinations::{self, OffShelf};
use crate::store::hsn_rates::{self, Ending};
use crate::usecases::rates;

/// So many codes that nothing is kept of are shown.
const MOST: i64 = 100;

/// A rate, and on which days it may be borne.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// In basis points.
    #[schema(minimum = 0, maximum = 10000, example = 500)]
    rate_bp: u32,
    /// The first day, by the calendar of India.
    #[schema(value_type = String, format = Date)]
    valid_from: Date,
    /// The last day; `null` while it has no end.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    valid_to: Option<Date>,
}

impl From<DatedRate> for TaxRate {
    fn from(rate: DatedRate) -> Self {
        let DatedRate { rate_bp, valid_from, valid_to } = rate;
        Self { rate_bp, valid_from, valid_to }
    }
}

/// What goods may bear whose HSN code begins so.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxRuleView {
    hsn_prefix: String,
    /// They bear one of these.
    rates: Vec<TaxRate>,
    /// Why they are not sold here; `null` where they are.
    #[schema(required)]
    not_sold: Option<String>,
}

/// A code of products on the shelf of which nothing is kept: any rate of GST will do for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UncheckedHsnView {
    hsn: Hsn,
    products: i64,
}

/// A rate that a seller's products on the shelf may not bear much longer.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateEndingView {
    vendor_id: VendorId,
    rate_bp: u32,
    /// The last day on which they may be sold with it.
    #[schema(value_type = String, format = Date)]
    last_day: Date,
    products: i64,
    /// Some of their SKUs, 20 at most.
    #[schema(value_type = Vec<Sku>)]
    skus: Vec<String>,
}

/// Products that are off the shelf and bear a rate that they may not, or are not sold here: their sellers were told.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffShelfView {
    vendor_id: VendorId,
    hsn: Hsn,
    rate_bp: u32,
    products: i64,
}

/// Which rates of GST goods may bear.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxRatesView {
    /// By prefix of HSN codes; the longest one decides.
    items: Vec<TaxRuleView>,
    /// The hundred most frequent.
    unchecked: Vec<UncheckedHsnView>,
    /// What ends within a week; the sellers are told.
    ending: Vec<RateEndingView>,
    /// What waits off the shelf for another rate; the hundred most frequent.
    off_shelf: Vec<OffShelfView>,
}

fn view((hsn_prefix, rule): (String, Rule)) -> TaxRuleView {
    match rule {
        Rule::NotSold(reason) => {
            let not_sold = Some(reason.as_str().to_owned());
            TaxRuleView { hsn_prefix, rates: Vec::new(), not_sold }
        }
        Rule::Rates(rates) => {
            let rates = rates.into_iter().map(TaxRate::from).collect();
            TaxRuleView { hsn_prefix, rates, not_sold: None }
        }
    }
}

fn ending_view(ending: Ending) -> RateEndingView {
    let Ending { vendor_id, rate_bp, last_day, products, skus } = ending;
    RateEndingView { vendor_id, rate_bp, last_day, products, skus }
}

fn off_shelf_view(off: OffShelf) -> OffShelfView {
    let OffShelf { vendor_id, hsn, rate_bp, products } = off;
    let rate_bp = u32::try_from(rate_bp).unwrap_or_default();
    OffShelfView { vendor_id, hsn, rate_bp, products }
}

/// Shows which rates of GST goods may bear by their HSN code, which codes nothing is kept of, and what ends soon.
#[utoipa::path(
    get, path = "/v1/admin/tax-rates", operation_id = "listTaxRates", tag = "product",
    responses((status = 200, description = "All that is kept", body = TaxRatesView)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ModerateProducts>,
) -> Result<Json<TaxRatesView>, Problem> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let items = hsn_rates::list(tx.conn()).await?.into_iter().map(view).collect();
    let unchecked = hsn_rates::list_unchecked(tx.conn(), MOST).await?;
    let unchecked =
        unchecked.into_iter().map(|(hsn, products)| UncheckedHsnView { hsn, products }).collect();
    let ending = if hsn_rates::is_change_near(tx.conn(), now, rates::NOTICE_DAYS).await? {
        hsn_rates::list_ending(tx.conn(), now, rates::NOTICE_DAYS, rates::NAMED).await?
    } else {
        Vec::new()
    };
    let ending = ending.into_iter().map(ending_view).collect();
    let off_shelf = examinations::list_off_shelf(tx.conn(), now, MOST).await?;
    let off_shelf = off_shelf.into_iter().map(off_shelf_view).collect();
    Ok(Json(TaxRatesView { items, unchecked, ending, off_shelf }))
}

/// What goods shall bear whose HSN code begins so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(try_from = "TaxRuleMembers", deny_unknown_fields)]
pub struct TaxRuleRequest {
    hsn_prefix: HsnPrefix,
    /// They bear one of these, at most 20. None of them, and no `not_sold`: nothing is kept of the prefix any more.
    #[serde(default)]
    #[schema(max_items = 20)]
    rates: Vec<TaxRate>,
    /// Why they are not sold here, instead of rates: because they bear a tax that is not reckoned, for example.
    #[serde(default)]
    not_sold: Option<Line<200>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaxRuleMembers {
    hsn_prefix: HsnPrefix,
    #[serde(default)]
    rates: Vec<TaxRate>,
    #[serde(default)]
    not_sold: Option<Line<200>>,
}

impl TryFrom<TaxRuleMembers> for TaxRuleRequest {
    type Error = &'static str;

    fn try_from(members: TaxRuleMembers) -> Result<Self, Self::Error> {
        let TaxRuleMembers { hsn_prefix, rates, not_sold } = members;
        if not_sold.is_some() && !rates.is_empty() {
            return Err("names either rates or not_sold");
        }
        Ok(Self { hsn_prefix, rates, not_sold })
    }
}

impl TaxRuleRequest {
    fn split(self) -> (HsnPrefix, Rule) {
        let rates = self.rates.into_iter().map(|rate| DatedRate {
            rate_bp: rate.rate_bp,
            valid_from: rate.valid_from,
            valid_to: rate.valid_to,
        });
        let rule = match self.not_sold {
            Some(reason) => Rule::NotSold(reason),
            None => Rule::Rates(rates.collect()),
        };
        (self.hsn_prefix, rule)
    }
}

/// Keeps which rates goods may bear whose HSN code begins so, instead of what was kept before.
///
/// Of several prefixes the longest decides that has a rate on the day, by the calendar of India. A product whose own rate is
/// not among them is refused when its seller writes or proposes it, and when somebody wants to buy it. What is on the shelf with
/// another one leaves it within a minute, or on the day on which the rate begins or ends, and its seller gets mail.
#[utoipa::path(
    put, path = "/v1/admin/tax-rates", operation_id = "keepTaxRates", tag = "product",
    request_body = TaxRuleRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "It is kept, from now on", body = TaxRuleView)),
    security(("bearer" = ["staff"])),
)]
pub async fn keep(
    State(app): State<App>,
    staff: Acting<may::ModerateProducts>,
    once: Idempotent<TaxRuleRequest>,
) -> Result<Response, Problem> {
    let who = staff.caller.user_id;
    let keep = async |tx: &mut Tx, body: TaxRuleRequest| {
        let (prefix, rule) = body.split();
        rates::keep(tx, &prefix, &rule, who).await?;
        Ok((StatusCode::OK, view((prefix.as_str().to_owned(), rule))))
    };
    staff.once(&app.db, Act::new("tax_rates.keep"), once, keep).await
}
