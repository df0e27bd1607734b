//! What is taken back has a credit note, once, and all notes together never exceed the sale.

use chassis::record::Record;
use contracts::invoice::{CreditNoteIssued, InvoiceIssued};
use contracts::order::{CreditCause, CreditedLine, OrderConfirmed, SellerOrderCredited};
use contracts::vendor::VendorChanged;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kernel::{CreditId, Gstin, InvoiceId, Money, Sku, SupplyType, VendorId, gst};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::paper::Paper;
use crate::scene::{Shop, confirmed, mailed, seller, unregistered};

/// A registered seller of the buyer's own state.
pub fn nila() -> VendorChanged {
    let mut nila = seller("NILA");
    nila.legal_name = "Nila Stores".into();
    nila.gstin = Some(Gstin::parse("29AABCU9603R1ZJ").unwrap());
    nila.address.state = "29".parse().unwrap();
    nila
}

/// One line of `quantity` pieces at `paise` each.
pub fn sold(shop: &Shop, seller: &VendorChanged, quantity: u32, paise: i64) -> OrderConfirmed {
    let mut order = confirmed(&shop.buyer, &[seller]);
    let part = &mut order.order.parts[0];
    part.total = Money::inr(paise * i64::from(quantity));
    let line = &mut part.lines[0];
    (line.quantity, line.unit_price, line.total) = (quantity, Money::inr(paise), part.total);
    let rate = if seller.gstin.is_none() { 0 } else { line.gst_rate_bp };
    let supply = SupplyType::of(seller.address.state, order.order.place_of_supply);
    let tax = gst::inclusive(part.total, rate, supply).unwrap();
    line.gst_rate_bp = rate;
    (part.tax, part.share.taxable) = (tax.total.sub(tax.taxable).unwrap(), tax.taxable);
    part.share.terms = None;
    order
}

/// Pieces of the first line of a part that are taken back: the total and the tax in it.
pub fn credited(
    order: &OrderConfirmed,
    part: usize,
    quantity: u32,
    (total, tax): (i64, i64),
) -> SellerOrderCredited {
    let (order, part) = (&order.order, &order.order.parts[part]);
    let mut credited = sample::<SellerOrderCredited>();
    credited.credit_id = CreditId::new();
    credited.cause = CreditCause::BuyerCancelled;
    credited.reason = None;
    let of = &mut credited.seller_order;
    (of.checkout_id, of.order_id) = (order.checkout_id, order.order_id);
    (of.seller_order_id, of.vendor_id) = (part.seller_order_id, part.vendor_id);
    of.buyer = order.buyer;
    let line = &mut credited.lines[0];
    (line.sku, line.quantity) = (part.lines[0].sku.clone(), quantity);
    (line.total, line.tax) = (Money::inr(total), Money::inr(tax));
    line.taxable = Money::inr(total - tax);
    credited
}

/// Says a credit and hears what becomes of it.
pub async fn note(shop: &Shop, credited: &SellerOrderCredited) -> CreditNoteIssued {
    shop.app.deliver(credited.clone()).await;
    shop.app.run_jobs().await;
    let issued = shop.app.emitted::<CreditNoteIssued>().await;
    let [note] = <[_; 1]>::try_from(issued).expect("it is said once");
    note
}

/// The frozen models of the credit notes, oldest first.
pub async fn documents(shop: &Shop) -> Vec<Value> {
    let sql = "select document from invoices where kind = 'credit' order by id";
    sqlx::query_scalar(sql).fetch_all(shop.app.db().pool()).await.unwrap()
}

/// Taxable value, the three taxes and the total of a model.
pub fn sums(document: &Value) -> [i64; 5] {
    let tax = &document["totals"]["tax"];
    ["taxable", "cgst", "sgst", "igst", "total"].map(|part| tax[part]["amount"].as_i64().unwrap())
}

async fn count_notes(shop: &Shop) -> usize {
    documents(shop).await.len()
}

pub async fn printed(shop: &Shop, id: InvoiceId) -> String {
    let sql = "select object_key from invoices where id = $1";
    let key = sqlx::query_scalar::<_, String>(sql).bind(id.as_uuid());
    let key = key.fetch_one(shop.app.db().pool()).await.unwrap();
    Paper::from(shop.bucket.get(&key).await.unwrap().expect("it lies in the store")).text()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_piece_that_is_taken_back_has_its_credit_note_and_everybody_hears_of_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let nila = nila();
    shop.app.deliver(nila.clone()).await;
    let order = sold(&shop, &nila, 3, 49_900);
    shop.app.deliver(order.clone()).await;
    shop.app.run_jobs().await;
    let invoice = shop.app.emitted::<InvoiceIssued>().await.remove(0);
    let mut credited = credited(&order, 0, 1, (49_900, 7_612));
    credited.reason = Some("changed my mind <b>".into());

    let said = note(&shop, &credited).await;

    let note = &said.credit_note;
    assert_eq!((note.number.as_str(), note.total), ("NILAC2627/000001", Money::inr(49_900)));
    assert_eq!((said.credit_id, said.against), (credited.credit_id, invoice.invoice_id));
    assert_eq!(said.against_number, "NILA/2627/000001");
    assert_eq!(note.checkout_id, invoice.checkout_id);
    assert_eq!(note.seller_order_id, invoice.seller_order_id);
    assert_eq!((note.vendor_id, note.buyer), (nila.vendor_id, shop.buyer.user_id));
    assert_eq!(sums(&documents(&shop).await[0]), [42_288, 3_806, 3_806, 0, 49_900]);

    let text = printed(&shop, note.invoice_id).await;
    // Rule 53(1A): supplier, nature, number, date, recipient, what it is against, value, rate and tax.
    for fact in ["CREDIT NOTE", "Nila Stores", "29AABCU9603R1ZJ", "NILAC2627/000001", "22 Nov 2026"]
        .into_iter()
        .chain(["Asha Rao", "12 MG Road", "Karnataka, State code 29", "NILA/2627/000001"])
        .chain(["Cancelled by the buyer: changed my mind <b>", "1 499.00", "₹422.88", "9%"])
        .chain(["CGST ₹38.06", "SGST ₹38.06", "Total credited ₹499.00"])
    {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
    let opened = shop.app.anonymous().get(&mailed(note)).await;
    assert_eq!(opened.status, 200);
    let name = "attachment; filename=\"NILAC2627-000001.pdf\"";
    assert_eq!(opened.header("content-disposition"), Some(name));
    assert!(shop.app.emitted::<InvoiceIssued>().await.is_empty(), "it is no invoice");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn piece_by_piece_the_notes_add_up_to_the_invoice(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (nila, lotus) = (nila(), shop.seller("LOTU").await);
    shop.app.deliver(nila.clone()).await;
    let order = sold(&shop, &nila, 3, 49_900);
    shop.app.deliver(order.clone()).await;
    let whole = sums(&shop.document().await);
    assert_eq!(whole, [126_864, 11_418, 11_418, 0, 149_700]);

    // The tax in three pieces less the tax in two, then in one, then in none.
    for tax in [7_612, 7_612, 7_612] {
        note(&shop, &credited(&order, 0, 1, (49_900, tax))).await;
    }
    let notes: Vec<_> = documents(&shop).await.iter().map(sums).collect();
    assert_eq!(notes.len(), 3);
    for (part, wanted) in whole.iter().enumerate() {
        assert_eq!(notes.iter().map(|sums| sums[part]).sum::<i64>(), *wanted);
    }

    let order = sold(&shop, &lotus, 2, 129_900);
    shop.app.deliver(order.clone()).await;
    note(&shop, &credited(&order, 0, 1, (129_900, 19_816))).await;
    note(&shop, &credited(&order, 0, 1, (129_900, 19_815))).await;
    let notes: Vec<_> = documents(&shop).await[3..].iter().map(sums).collect();
    assert_eq!(notes, [[110_084, 0, 0, 19_816, 129_900], [110_085, 0, 0, 19_815, 129_900]]);
    let numbers = shop.numbers().await;
    assert!(numbers.contains(&"NILAC2627/000003".to_owned()), "{numbers:?}");
    assert!(numbers.contains(&"LOTUC2627/000002".to_owned()), "{numbers:?}");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_note_against_a_bill_of_supply_bears_no_tax(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let meera = unregistered(seller("MEER"));
    shop.app.deliver(meera.clone()).await;
    for (paise, total) in [(25_000, "₹250.00"), (50, "₹0.50")] {
        let order = sold(&shop, &meera, 1, paise);
        shop.app.deliver(order.clone()).await;

        let said = note(&shop, &credited(&order, 0, 1, (paise, 0))).await;

        assert_eq!(said.credit_note.total, Money::inr(paise));
        let text = printed(&shop, said.credit_note.invoice_id).await;
        for fact in ["CREDIT NOTE", "Not registered", &said.against_number].into_iter().chain([
            "No tax is charged on this supply.",
            "Total credited",
            total,
        ]) {
            assert!(text.contains(fact), "{fact} is not in {text}");
        }
        for tax in ["CGST", "SGST", "IGST", "Taxable", "TAX SUMMARY"] {
            assert!(!text.contains(tax), "{tax} is in {text}");
        }
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_note_belongs_to_the_year_of_its_own_date(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let at = |text: &str| shop.app.clock.set(text.parse::<Timestamp>().unwrap());
    at("2027-03-31T12:00:00Z");
    let order = shop.confirmed(&[&seller]).await;

    at("2027-03-31T18:29:59Z");
    let old = note(&shop, &credited(&order, 0, 1, (129_900, 19_816))).await;
    // Ten past midnight in India.
    at("2027-03-31T18:40:00Z");
    let new = note(&shop, &credited(&order, 0, 1, (129_900, 19_815))).await;

    assert_eq!(old.credit_note.number, "LOTUC2627/000001");
    assert_eq!(new.credit_note.number, "LOTUC2728/000001");
    assert_eq!(new.against_number, "LOTU/2627/000001");
    let text = printed(&shop, new.credit_note.invoice_id).await;
    for fact in ["1 Apr 2027", "31 Mar 2027"] {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_became_of_buyer_and_seller_since_does_not_matter(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mut seller = shop.seller("LOTU").await;
    let order = shop.confirmed(&[&seller]).await;
    let sale = shop.document().await;
    seller.address.city = "Pune".into();
    seller.legal_name = "Lotus Home Stores Private Limited".into();
    seller.gstin = None;
    shop.app.deliver(seller).await;
    shop.app.deliver_record(Record { payload: None, ..shop.app.record(&shop.buyer) }).await;

    note(&shop, &credited(&order, 0, 2, (259_800, 39_631))).await;

    let [note] = &documents(&shop).await[..] else { panic!("there is one") };
    for party in ["supplier", "bill_to", "ship_to"] {
        assert_eq!(note["particulars"][party], sale["particulars"][party]);
    }
    assert_eq!(sums(note), sums(&sale));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_credit_waits_for_its_invoice(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let order = confirmed(&shop.buyer, &[&seller]);
    shop.app.deliver(credited(&order, 0, 1, (129_900, 19_816))).await;
    shop.app.run_jobs().await;
    assert!(shop.numbers().await.is_empty());

    shop.app.deliver(order).await;
    shop.app.clock.advance(SignedDuration::from_secs(5));
    shop.app.run_jobs().await;

    assert_eq!(shop.numbers().await, ["LOTU/2627/000001", "LOTUC2627/000001"]);
}

type Spoil = Box<dyn Fn(&mut SellerOrderCredited)>;

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_the_sale_does_not_bear_out_is_put_aside_and_takes_no_number(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (seller, other) = (shop.seller("LOTU").await, shop.seller("OTHE").await);
    let first = (129_900, 19_816);
    let twice = |lines: &mut Vec<CreditedLine>| lines.extend(lines.clone());
    let spoilt: Vec<Spoil> = vec![
        Box::new(|c| c.lines.clear()),
        Box::new(|c| c.lines[0].quantity = 0),
        Box::new(|c| c.lines[0].quantity = 3),
        Box::new(|c| c.lines[0].position = 1),
        Box::new(|c| c.lines[0].sku = Sku::parse("ANOTHER").unwrap()),
        Box::new(|c| c.lines[0].total = Money::inr(129_901)),
        Box::new(|c| c.lines[0].total = Money::inr(-1)),
        // A paisa of tax is moved into the value, or the value is another.
        Box::new(|c| {
            (c.lines[0].taxable, c.lines[0].tax) = (Money::inr(110_085), Money::inr(19_815));
        }),
        Box::new(|c| c.lines[0].taxable = Money::inr(110_085)),
        Box::new(|c| c.lines[0].tax = Money::inr(0)),
        // The second piece with the tax of the first.
        Box::new(move |c| twice(&mut c.lines)),
        Box::new(move |c| c.seller_order.vendor_id = other.vendor_id),
    ];
    for spoil in &spoilt {
        let order = confirmed(&shop.buyer, &[&seller]);
        shop.app.deliver_record(shop.app.record(&order)).await;
        let mut credited = credited(&order, 0, 1, first);
        spoil(&mut credited);
        shop.app.deliver_record(shop.app.record(&credited)).await;
    }
    assert_eq!(shop.dead().await, vec!["invoice/unissuable"; spoilt.len()]);
    assert_eq!(count_notes(&shop).await, 0);

    // Nothing is left of this one, and a third piece cannot come back.
    let order = confirmed(&shop.buyer, &[&seller]);
    shop.app.deliver_record(shop.app.record(&order)).await;
    shop.app.deliver_record(shop.app.record(&credited(&order, 0, 2, (259_800, 39_631)))).await;
    shop.app.deliver_record(shop.app.record(&credited(&order, 0, 1, first))).await;
    assert_eq!(shop.dead().await, vec!["invoice/unissuable"; spoilt.len() + 1]);
    let numbers = shop.numbers().await;
    let notes: Vec<_> = numbers.iter().filter(|number| number.starts_with("LOTUC")).collect();
    assert_eq!(notes, ["LOTUC2627/000001"]);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_credit_that_is_heard_twice_or_at_the_same_moment_has_one_note(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let order = shop.confirmed(&[&seller]).await;
    let one = credited(&order, 0, 1, (129_900, 19_816));
    let records: Vec<Record> =
        (0..8).map(|n| Record { partition: n, offset: 100, ..shop.app.record(&one) }).collect();

    let heard = join_all(records.iter().map(|record| shop.try_hear(record))).await;

    assert!(heard.iter().all(Result::is_ok), "{heard:?}");
    assert_eq!(count_notes(&shop).await, 1);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn twenty_credits_at_once_take_consecutive_numbers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (lotus, kaveri) = (shop.seller("LOTU").await, shop.seller("KAVE").await);
    let mut batches = Vec::new();
    for n in 0..20 {
        let order = shop.confirmed(&[&lotus, &kaveri]).await;
        let parts = if n % 2 == 0 { [0, 1] } else { [1, 0] };
        batches.push(parts.map(|part| {
            let record = shop.app.record(&credited(&order, part, 2, (259_800, 39_631)));
            Record { partition: n, offset: i64::try_from(part).unwrap() + 500, ..record }
        }));
    }
    for batch in &mut batches {
        batch.sort_by_key(|record| record.offset);
    }

    let consumer = shop.consumer();
    let heard = join_all(batches.iter().map(|batch| consumer.apply(batch))).await;

    assert!(heard.iter().all(Result::is_ok), "{heard:?}");
    let numbers = shop.numbers().await;
    for prefix in ["LOTUC", "KAVEC"] {
        let own: Vec<_> = numbers.iter().filter(|number| number.starts_with(prefix)).collect();
        let wanted: Vec<_> = (1..=20).map(|n| format!("{prefix}2627/{n:06}")).collect();
        assert_eq!(own, wanted.iter().collect::<Vec<_>>());
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn lists_show_notes_beside_the_invoices_they_reduce(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (lotus, kaveri) = (shop.seller("LOTU").await, shop.seller("KAVE").await);
    let (order, issued) = shop.issued(&[&lotus, &kaveri]).await;
    let said = note(&shop, &credited(&order, 0, 1, (129_900, 19_816))).await;
    let sold = issued.iter().find(|invoice| invoice.vendor_id == lotus.vendor_id).unwrap();
    let of_order = format!("/v1/orders/{}/invoices", order.order.order_id);
    let of_seller = |id: VendorId| format!("/v1/vendors/{id}/invoices");
    let against = json!({ "invoice_id": sold.invoice_id, "number": "LOTU/2627/000001" });
    let buyer = shop.app.as_user(shop.buyer.user_id);
    let own = shop.app.as_vendor(lotus.vendor_id);
    let stranger = shop.app.as_vendor(kaveri.vendor_id);

    for (reader, path, many) in [
        (&buyer, &of_order, 3),
        (&own, &of_order, 2),
        (&own, &of_seller(lotus.vendor_id), 2),
        (&stranger, &of_order, 1),
        (&stranger, &of_seller(kaveri.vendor_id), 1),
    ] {
        let listed = reader.get(path).await.expect(200);
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len(), many, "{listed}");
        let notes: Vec<_> = items.iter().filter(|item| item["kind"] == "credit").collect();
        assert_eq!(notes.len(), many / 2, "{listed}");
        for item in items {
            let wanted = if item["kind"] == "credit" { &against } else { &Value::Null };
            assert_eq!(&item["against"], wanted);
        }
        for item in notes {
            assert_eq!(item["invoice_id"], said.credit_note.invoice_id.to_string());
            assert_eq!(item["seller_order_id"], sold.seller_order_id.to_string());
            assert_eq!(item["total"]["amount"], 129_900);
        }
    }

    let links = format!("/v1/invoices/{}/links", said.credit_note.invoice_id);
    let made = own.clone().key("k-1").post(&links, json!({})).await.expect(201);
    let path = crate::scene::path(made["url"].as_str().unwrap());
    assert_eq!(shop.app.anonymous().get(&path).await.status, 200);
    stranger.clone().key("k-2").post(&links, json!({})).await.problem(404, "not-found");
}
