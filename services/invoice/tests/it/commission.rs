//! What the platform charges a seller stands on documents of the platform, once a month is over.

use contracts::invoice::InvoiceIssued;
use contracts::payment::{CommissionClosed, CommissionTotals};
use contracts::vendor::VendorChanged;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use kernel::{Gstin, Money, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::paper::Paper;
use crate::scene::{Shop, path, seller, unregistered};

fn totals(commission: i64, tax: i64) -> CommissionTotals {
    CommissionTotals { commission: Money::inr(commission), tax: Money::inr(tax) }
}

/// `month` of 2026 is over for a seller: what was charged, what was taken back of it, and what of months before.
fn closed(
    vendor_id: VendorId,
    month: i8,
    charged: (i64, i64),
    taken_back: (i64, i64),
    of_before: (i64, i64),
) -> CommissionClosed {
    CommissionClosed {
        vendor_id,
        month: date(2026, month, 1),
        charged: totals(charged.0, charged.1),
        taken_back: totals(taken_back.0, taken_back.1),
        taken_back_of_before: totals(of_before.0, of_before.1),
        ..sample()
    }
}

/// A registered seller of the platform's own state.
fn nila() -> VendorChanged {
    let mut nila = seller("NILA");
    nila.legal_name = "Nila Stores".into();
    nila.gstin = Some(Gstin::parse("29AABCU9603R1ZJ").unwrap());
    nila.address.state = "29".parse().unwrap();
    nila
}

/// Hears of a month, and does what follows from it.
async fn close(shop: &Shop, closed: &CommissionClosed) {
    shop.app.deliver(closed.clone()).await;
    while shop.app.run_jobs().await > 0 {}
}

/// What the seller sees, newest first.
async fn listed(shop: &Shop, vendor_id: VendorId) -> Vec<Value> {
    let path = format!("/v1/vendors/{vendor_id}/commission-invoices");
    let listed = shop.app.as_vendor(vendor_id).get(&path).await.expect(200);
    listed["items"].as_array().unwrap().clone()
}

fn numbers(listed: &[Value]) -> Vec<&str> {
    listed.iter().map(|item| item["number"].as_str().unwrap()).collect()
}

/// The text of a document, fetched as its reader does.
async fn text(shop: &Shop, vendor_id: VendorId, item: &Value) -> String {
    let links = format!("/v1/invoices/{}/links", item["invoice_id"].as_str().unwrap());
    let link = shop.app.as_vendor(vendor_id).post(&links, json!({})).await.expect(201);
    let opened = shop.app.anonymous().get(&path(link["url"].as_str().unwrap())).await;
    assert_eq!(opened.status, 200);
    Paper::from(opened.body).text()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_month_has_a_tax_invoice_over_what_was_charged_less_what_was_taken_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let lotus = shop.seller("LOTU").await;
    let november = closed(lotus.vendor_id, 11, (25_980, 4_676), (12_990, 2_338), (0, 0));

    close(&shop, &november).await;

    let listed = listed(&shop, lotus.vendor_id).await;
    let [invoice] = &listed[..] else { panic!("there is one: {listed:?}") };
    assert_eq!((&invoice["kind"], &invoice["month"]), (&"invoice".into(), &"2026-11-01".into()));
    assert_eq!(
        (&invoice["number"], &invoice["total"]["amount"]),
        (&"MALL/2627/000001".into(), &15_328.into())
    );
    let text = text(&shop, lotus.vendor_id, invoice).await;
    // Rule 46: both parties, number, date, description, code, value, rate and tax, place of supply.
    for fact in
        ["TAX INVOICE", "Mall Marketplace Private Limited", "29AABCU9603R1ZJ", "1 Residency Road"]
            .into_iter()
            .chain([
                "MALL/2627/000001",
                "22 Nov 2026",
                "November 2026",
                "Maharashtra (27)",
                "998599",
            ])
            .chain(["Lotus Home Retail Private Limited", "GSTIN 27AAPFU0939F1ZV", "4 Linking Road"])
            .chain(["Commission on sales of November 2026", "129.90 23.38 153.28", "18%"])
            .chain(["IGST ₹23.38", "₹153.28", "Whether tax is payable under reverse charge: No."])
    {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
    assert!(!text.contains("CGST"), "{text}");
    assert!(shop.app.emitted::<InvoiceIssued>().await.is_empty(), "it belongs to no order");
    // The documents that it issues itself are another list.
    let own = format!("/v1/vendors/{}/invoices", lotus.vendor_id);
    let own = shop.app.as_vendor(lotus.vendor_id).get(&own).await.expect(200);
    assert_eq!(own["items"], Value::Array(vec![]));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn within_a_state_the_booked_tax_stands_in_halves(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let meera = VendorChanged { address: nila().address, ..unregistered(seller("MEER")) };
    for seller in [nila(), meera] {
        shop.app.deliver(seller.clone()).await;
        close(&shop, &closed(seller.vendor_id, 11, (14_970, 2_694), (0, 0), (0, 0))).await;

        let text = text(&shop, seller.vendor_id, &listed(&shop, seller.vendor_id).await[0]).await;
        for fact in ["CGST ₹13.47", "SGST ₹13.47", "9%", "₹176.64", "Karnataka (29)"] {
            assert!(text.contains(fact), "{fact} is not in {text}");
        }
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_is_taken_back_of_months_before_has_a_credit_note(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let lotus = shop.seller("LOTU").await;
    let at = |text: &str| shop.app.clock.set(text.parse::<Timestamp>().unwrap());
    at("2026-11-30T19:00:00Z");
    close(&shop, &closed(lotus.vendor_id, 11, (25_980, 4_676), (0, 0), (0, 0))).await;
    at("2026-12-31T19:00:00Z");
    let december = closed(lotus.vendor_id, 12, (10_000, 1_800), (10_000, 1_800), (12_990, 2_338));

    close(&shop, &december).await;

    // Nothing is left of what was charged in December: no invoice.
    let listed = listed(&shop, lotus.vendor_id).await;
    assert_eq!(numbers(&listed), ["MALLC2627/000001", "MALL/2627/000001"]);
    assert_eq!(listed[0]["kind"], "credit_note");
    let text = text(&shop, lotus.vendor_id, &listed[0]).await;
    for fact in ["CREDIT NOTE", "MALLC2627/000001", "1 Jan 2027", "MALL/2627/000001 of 01 Dec 2026"]
        .into_iter()
        .chain(["129.90 23.38 153.28", "IGST ₹23.38", "Total credited ₹153.28"])
        .chain(["returned, lost or disputed, or cost less since"])
    {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn the_numbers_of_all_sellers_are_one_row_and_a_month_is_billed_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let sellers = [shop.seller("LOTU").await, shop.seller("NEEM").await];
    for _ in 0..2 {
        for seller in &sellers {
            close(&shop, &closed(seller.vendor_id, 11, (25_980, 4_676), (0, 0), (100, 18))).await;
        }
    }

    let sql = "select number from commission_papers order by number";
    let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(shop.app.db().pool()).await.unwrap();
    let wanted = ["MALL/2627/000001", "MALL/2627/000002", "MALLC2627/000001", "MALLC2627/000002"];
    assert_eq!(found, wanted);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_month_waits_for_its_seller_and_one_that_cannot_be_is_given_up(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let lotus = seller("LOTU");
    close(&shop, &closed(lotus.vendor_id, 11, (25_980, 4_676), (0, 0), (0, 0))).await;
    shop.app.clock.advance(SignedDuration::from_hours(1));
    close(&shop, &closed(lotus.vendor_id, 12, (100, 18), (101, 18), (0, 0))).await;

    shop.app.deliver(lotus.clone()).await;
    shop.app.clock.advance(SignedDuration::from_mins(15));
    while shop.app.run_jobs().await > 0 {}

    assert_eq!(numbers(&listed(&shop, lotus.vendor_id).await), ["MALL/2627/000001"]);
    let sql = "select last_error from chassis.job where failed_at is not null";
    let given_up: String = sqlx::query_scalar(sql).fetch_one(shop.app.db().pool()).await.unwrap();
    assert_eq!(given_up, "invoice/unissuable");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_document_of_the_platform_is_its_sellers_alone(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (lotus, other) = (shop.seller("LOTU").await, shop.seller("OTHE").await);
    close(&shop, &closed(lotus.vendor_id, 11, (25_980, 4_676), (0, 0), (0, 0))).await;
    let item = listed(&shop, lotus.vendor_id).await.remove(0);
    let links = format!("/v1/invoices/{}/links", item["invoice_id"].as_str().unwrap());
    let own = shop.app.as_vendor(lotus.vendor_id);

    for stranger in [shop.app.as_vendor(other.vendor_id), shop.app.as_buyer()] {
        stranger.post(&links, json!({})).await.problem(404, "not-found");
        stranger.delete(&links).await.problem(404, "not-found");
    }
    let list = format!("/v1/vendors/{}/commission-invoices", lotus.vendor_id);
    shop.app.as_vendor(other.vendor_id).get(&list).await.problem(404, "not-found");
    shop.app.as_buyer().get(&list).await.problem(403, "forbidden");

    let link = own.post(&links, json!({})).await.expect(201);
    own.delete(&links).await.expect(204);
    let opened = shop.app.anonymous().get(&path(link["url"].as_str().unwrap())).await;
    opened.problem(410, "invoice/link-expired");
}
