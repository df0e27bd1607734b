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
