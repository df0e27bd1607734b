//! 18, 19: invoices, their files and their links.

use chassis::s3::Bucket;
use contracts::invoice::InvoiceIssued;
use contracts::topics;
use testkit::sample;

use crate::stage::Stage;

async fn stage() -> Stage {
    let mut stage = Stage::set(&["order", "invoice"], &[&topics::INVOICE_INVOICE_EVT]).await;
    let bucket = Bucket::new(&stage.common, invoice::BUCKET).unwrap();
    bucket.ensure().await.unwrap();
    bucket.put_once("lamp.pdf", b"%PDF-1.4 lamp".to_vec(), "application/pdf").await.unwrap();
    stage.stack.invoices = Some(bucket);
    stage
}

#[tokio::test]
async fn a_missing_a_wrong_and_a_badly_numbered_invoice_is_found() {
    let stage = stage().await;
    stage.finds(18, "invoice", &[
        (
            "update invoices set seller_order_id = gen_random_uuid()",
            "update invoices set seller_order_id = '01934e5f-0000-7000-8000-000000000020'",
            "seller order M261122-000001-1 (01934e5f-0000-7000-8000-000000000020) is confirmed and has no invoice",
        ),
        (
            "update invoices set total_minor = 1",
            "update invoices set total_minor = 259800",
            "A1B2/2627/000001 (01934e5f-0000-7000-8000-000000000032) is over 1 for seller",
        ),
        ("update invoices set serial = 2", "update invoices set serial = 1", "has a hole in 2627 sale: 1 documents from 2 to 2"),
        ("update counters set last = 5", "update counters set last = 1", "counts 5 in 2627 sale, but the last document is 1"),
        (
            "update invoices set state = 'numbered', sha256 = null, size_bytes = null, stored_at = null",
            "update invoices set state = 'issued', sha256 = encode(sha256('%PDF-1.4 lamp'), 'hex'), size_bytes = 13, stored_at = now()",
            "A1B2/2627/000001 has a number and no document yet",
        ),
        (
            "update invoices set sha256 = encode(sha256('another'), 'hex')",
            "update invoices set sha256 = encode(sha256('%PDF-1.4 lamp'), 'hex')",
            "the file of A1B2/2627/000001 (lamp.pdf) hashes to",
        ),
        (
            "update invoices set object_key = 'gone.pdf'",
            "update invoices set object_key = 'lamp.pdf'",
            "the file of A1B2/2627/000001 is gone: the store has no gone.pdf",
        ),
    ]).await;
}

/// One of two lamps is taken back: what order-service keeps of it, and the credit note.
pub const CREDIT: &str = "
    insert into credits (credit_id, seller_order_id, nth, cause, at, gross, taxable, commission, commission_tax, tcs, tds,
                         payable, currency)
    values ('01934e5f-0000-7000-8000-00000000005b', '01934e5f-0000-7000-8000-000000000020', 1, 'vendor_rejected',
            '2026-11-22T12:00:00Z', 129900, 110084, 12990, 2338, 551, 110, 113911, 'INR')";

pub const NOTE: &str = r#"
    insert into counters (vendor_id, financial_year, series, last)
    values ('01934e5f-0000-7000-8000-00000000000a', '2627', 'credit', 1);
    insert into invoices (id, number, vendor_id, financial_year, series, serial, seller_order_id, order_id, checkout_id,
                          buyer, total_minor, currency, document, object_key, state, sha256, size_bytes, issued_at,
                          stored_at, kind, credit_id, against)
    select '01934e5f-0000-7000-8000-000000000033', 'A1B2C2627/000001', vendor_id, financial_year, 'credit', 1,
           seller_order_id, order_id, checkout_id, buyer, 129900, currency,
           '{"totals": {"tax": {
               "taxable": {"amount": 110084}, "cgst": {"amount": 0}, "sgst": {"amount": 0}, "igst": {"amount": 19816},
               "total": {"amount": 129900}}}}',
           'note.pdf', state, sha256, size_bytes, issued_at, stored_at, 'credit',
           '01934e5f-0000-7000-8000-00000000005b', id
      from invoices"#;

#[tokio::test]
async fn a_credit_without_its_note_and_a_note_beyond_its_sale_are_found() {
    let stage = stage().await;
    let bucket = stage.stack.invoices.as_ref().unwrap();
    bucket.put_once("note.pdf", b"%PDF-1.4 lamp".to_vec(), "application/pdf").await.unwrap();
    stage.run("order", CREDIT).await;
    stage
        .breaks(18, "credit 01934e5f-0000-7000-8000-00000000005b of seller order M261122-000001-1")
        .await;
    stage.run("invoice", NOTE).await;
    let note = "A1B2C2627/000001 (01934e5f-0000-7000-8000-000000000033)";
    let [over, elsewhere, older, tax, hole, nobodys] = [
        format!("{note} is over 1 of seller order"),
        format!("{note} is against A1B2/2627/000001 of seller order"),
        format!("{note} is older than A1B2/2627/000001"),
        "credit notes with 39632 of igst reduce A1B2/2627/000001".to_owned(),
        "has a hole in 2627 credit: 1 documents from 2 to 2".to_owned(),
        format!("{note} is over credit 00000000-0000-0000-0000-000000000000, which nobody gave"),
    ];
    stage.finds(18, "invoice", &[
        (
            "update invoices set total_minor = 1 where kind = 'credit'",
            "update invoices set total_minor = 129900 where kind = 'credit'",
            &over,
        ),
        (
            "update invoices set total_minor = 259801 where kind = 'credit'",
            "update invoices set total_minor = 129900 where kind = 'credit'",
            "credit notes over 259801 reduce A1B2/2627/000001",
        ),
        (
            "update invoices set document = jsonb_set(document, '{totals,tax,igst,amount}', '39632') where kind = 'credit'",
            "update invoices set document = jsonb_set(document, '{totals,tax,igst,amount}', '19816') where kind = 'credit'",
            &tax,
        ),
        (
            "update invoices set seller_order_id = gen_random_uuid() where kind = 'credit'",
            "update invoices set seller_order_id = '01934e5f-0000-7000-8000-000000000020' where kind = 'credit'",
            &elsewhere,
        ),
        (
            "update invoices set against = id where kind = 'credit'",
            "update invoices set against = '01934e5f-0000-7000-8000-000000000032' where kind = 'credit'",
            "is against A1B2C2627/000001, which is no sale",
        ),
        (
            "update invoices set issued_at = '2026-11-21T12:00:00Z' where kind = 'credit'",
            "update invoices set issued_at = '2026-11-22T12:00:00Z' where kind = 'credit'",
            &older,
        ),
        (
            "update invoices set serial = 2 where kind = 'credit'",
            "update invoices set serial = 1 where kind = 'credit'",
            &hole,
        ),
        (
            "update counters set last = 5 where series = 'credit'",
            "update counters set last = 1 where series = 'credit'",
            "counts 5 in 2627 credit, but the last document is 1",
        ),
        (
            "update invoices set credit_id = '00000000-0000-0000-0000-000000000000' where kind = 'credit'",
            "update invoices set credit_id = '01934e5f-0000-7000-8000-00000000005b' where kind = 'credit'",
            &nobodys,
        ),
    ]).await;
}

#[tokio::test]
async fn a_late_note_may_be_over_all_that_was_sold_and_bears_no_tax() {
    let stage = stage().await;
    let bucket = stage.stack.invoices.as_ref().unwrap();
    bucket.put_once("note.pdf", b"%PDF-1.4 lamp".to_vec(), "application/pdf").await.unwrap();
    let whole = "update credits set gross = 259800, payable = 243811";
    stage.run("order", &format!("{CREDIT}; {whole}")).await;
    let bare = r#"
        update invoices
           set total_minor = 259800,
               document = '{"totals": {"tax": {
                   "taxable": {"amount": 259800}, "cgst": {"amount": 0}, "sgst": {"amount": 0}, "igst": {"amount": 0},
                   "total": {"amount": 259800}}}}'
         where kind = 'credit'"#;
    stage.run("invoice", &format!("{NOTE}; {bare}")).await;
    let in_time = "credit notes with 259800 of taxable reduce A1B2/2627/000001";
    stage.breaks(18, in_time).await;

    stage.run("order", "update credits set commercial = true").await;

    stage.finds(18, "invoice", &[(
        "update invoices set document = jsonb_set(document, '{totals,tax,igst,amount}', '39632') where kind = 'credit'",
        bare,
        "credit notes with 39632 of igst reduce A1B2/2627/000001",
    )]).await;
}

/// The platform billed a seller.
const BILLED: &str = r#"
    insert into platform_counters (financial_year, series, last) values ('2627', 'sale', 1);
    insert into commission_papers (id, number, financial_year, series, serial, vendor_id, month, total_minor, tax_minor,
                                   currency, document, object_key, state, sha256, size_bytes, issued_at, stored_at)
    values ('01934e5f-0000-7000-8000-000000000034', 'MALL/2627/000001', '2627', 'sale', 1,
            '01934e5f-0000-7000-8000-00000000000a', '2026-11-01', 30656, 4676, 'INR',
            '{"tax": {"taxable": {"amount": 25980}, "cgst": {"amount": 0}, "sgst": {"amount": 0}, "igst": {"amount": 4676}}}',
            'bill.pdf', 'issued', encode(sha256('%PDF-1.4 lamp'), 'hex'), 13, '2026-12-01T12:00:00Z',
            '2026-12-01T12:00:00Z')"#;

#[tokio::test]
async fn a_bill_of_the_platform_that_is_missing_or_does_not_add_up_is_found() {
    let stage = stage().await;
    let bucket = stage.stack.invoices.as_ref().unwrap();
    bucket.put_once("bill.pdf", b"%PDF-1.4 lamp".to_vec(), "application/pdf").await.unwrap();
    stage.run("invoice", BILLED).await;
    stage.finds(18, "invoice", &[
        (
            "update commission_papers set serial = 2",
            "update commission_papers set serial = 1",
            "the platform has a hole in 2627 sale: 1 documents from 2 to 2",
        ),
        (
            "update platform_counters set last = 5",
            "update platform_counters set last = 1",
            "the platform counts 5 in 2627 sale, but the last document is 1",
        ),
        (
            "update commission_papers set tax_minor = 4675",
            "update commission_papers set tax_minor = 4676",
            "the taxes on MALL/2627/000001 of the platform (01934e5f-0000-7000-8000-000000000034) come to 4676",
        ),
        (
            "update commission_papers set state = 'numbered', sha256 = null, size_bytes = null, stored_at = null",
            "update commission_papers set state = 'issued', sha256 = encode(sha256('%PDF-1.4 lamp'), 'hex'), size_bytes = 13, stored_at = now()",
            "MALL/2627/000001 of the platform has a number and no document yet",
        ),
        (
            "update commission_papers set object_key = 'gone.pdf'",
            "update commission_papers set object_key = 'bill.pdf'",
            "the file of MALL/2627/000001 is gone: the store has no gone.pdf",
        ),
    ]).await;
}

#[tokio::test]
async fn a_link_without_end_for_a_stranger_or_in_the_open_is_found() {
    let mut stage = stage().await;
    let logs = std::env::temp_dir().join(&stage.bus.prefix);
    std::fs::create_dir_all(&logs).unwrap();
    stage.stack.logs = Some(logs.clone());
    stage
        .finds(
            19,
            "invoice",
            &[
                (
                    "update invoice_links set expires_at = 'infinity'",
                    "update invoice_links set expires_at = '2026-11-29T12:00:00Z'",
                    "to A1B2/2627/000001 is good from",
                ),
                (
                    "update invoice_links set audience = 'vendor'",
                    "update invoice_links set audience = 'user'",
                    "for vendor 01934e5f-0000-7000-8000-000000000001",
                ),
            ],
        )
        .await;

    let link = format!("http://mall.test/v1/invoice-links/{}", "x".repeat(75));
    std::fs::write(logs.join("gateway.log"), format!("started\nGET {link}\n")).unwrap();
    stage.breaks(19, "gateway.log shows a link to a document").await;
    std::fs::remove_dir_all(&logs).unwrap();
    stage.stack.logs = None;

    stage.bus.emit(&InvoiceIssued { sealed_link: link, ..sample() }).await;
    stage.breaks(19, "invoice.invoice.evt.v1[0]@0 shows a link to a document").await;
}
