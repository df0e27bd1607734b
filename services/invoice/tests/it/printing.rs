//! A numbered document is printed and put away once, whatever happens in between.

use chassis::JobHandler;
use contracts::invoice::InvoiceIssued;
use contracts::vendor::{TaxScheme, VendorChanged};
use invoice::{PrintInvoice, PrintInvoices};
use jiff::SignedDuration;
use kernel::Clock;
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::paper::Paper;
use crate::scene::{Row, Shop, confirmed, mailed, seller, unregistered};

async fn stored(shop: &Shop, row: &Row) -> Vec<u8> {
    shop.bucket.get(&row.object_key).await.unwrap().expect("the document is in the store")
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

async fn the_job(shop: &Shop) -> PrintInvoices {
    let sql = "select payload from chassis.job";
    let job = sqlx::query_scalar(sql).fetch_one(shop.app.db().pool()).await.unwrap();
    serde_json::from_value(job).unwrap()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_issued_document_lies_in_the_store_and_everybody_hears_of_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let trick = "#set page(fill: red) *Lotus* <script>alert(1)</script>";
    let seller = VendorChanged { legal_name: trick.into(), ..seller("LOTU") };
    shop.app.deliver(seller.clone()).await;

    let (order, issued) = shop.issued(&[&seller]).await;

    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    let [issued] = &issued[..] else { panic!("it is said once") };
    let bytes = stored(&shop, row).await;
    assert_eq!((row.state.as_str(), row.sha256.as_ref()), ("issued", Some(&sha256(&bytes))));
    let part = &order.order.parts[0];
    let wanted = InvoiceIssued {
        invoice_id: issued.invoice_id,
        number: "LOTU/2627/000001".into(),
        checkout_id: order.order.checkout_id,
        order_id: order.order.order_id,
        seller_order_id: part.seller_order_id,
        vendor_id: seller.vendor_id,
        buyer: shop.buyer.user_id,
        total: part.total,
        sha256: sha256(&bytes),
        sealed_link: issued.sealed_link.clone(),
        issued_at: shop.app.clock.now(),
    };
    assert_eq!(issued, &wanted);
    let text = Paper::from(bytes.clone()).text();
    for fact in [trick, "LOTU/2627/000001", "Asha Rao", "12 MG Road", "₹2,598.00"] {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }

    let opened = shop.app.anonymous().get(&mailed(issued)).await;
    assert_eq!(opened.status, 200);
    assert_eq!(opened.body, bytes);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn sellers_who_may_not_charge_tax_issue_bills_of_supply_that_say_why(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let enrolled = VendorChanged {
        scheme: Some(TaxScheme::Enrolled),
        enrolment: Some("292600000123ENR".into()),
        ..unregistered(seller("MEER"))
    };
    let gstin = "29AABCU9603R1ZJ";
    let mut composition = VendorChanged {
        gstin: Some(kernel::Gstin::parse(gstin).unwrap()),
        scheme: Some(TaxScheme::Composition),
        ..seller("COMP")
    };
    composition.address.state = "29".parse().unwrap();
    let words = "Composition taxable person, not eligible to collect tax on supplies";
    for (seller, facts) in
        [(enrolled, ["Enrolment number", "292600000123ENR"]), (composition, [gstin, words])]
    {
        shop.app.deliver(seller.clone()).await;
        let mut order = confirmed(&shop.buyer, &[&seller]);
        let part = &mut order.order.parts[0];
        (part.tax, part.share.taxable) = (kernel::Money::inr(0), part.total);
        part.lines[0].gst_rate_bp = 0;
        shop.app.deliver(order).await;
        shop.app.run_jobs().await;
        let rows = shop.rows().await;
        let row = rows.iter().find(|row| row.object_key.contains(&seller.vendor_id.to_string()));
        let text = Paper::from(stored(&shop, row.unwrap()).await).text();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for fact in facts.into_iter().chain(["BILL OF SUPPLY"]) {
            assert!(text.contains(fact), "{fact} is not in {text}");
        }
        assert!(!text.contains("IGST") && !text.contains("SGST"), "{text}");
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn acting_twice_and_a_second_runner_after_the_lease_make_one_document(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = unregistered(seller("LOTU"));
    shop.app.deliver(seller.clone()).await;
    let mut order = confirmed(&shop.buyer, &[&seller]);
    let part = &mut order.order.parts[0];
    (part.tax, part.share.taxable) = (kernel::Money::inr(0), part.total);
    part.lines[0].gst_rate_bp = 0;
    shop.app.deliver(order).await;
    let job = the_job(&shop).await;

    // A runner took the job, uploaded the document twice over and died before it could record it.
    shop.sql(
        "update chassis.job set lease = gen_random_uuid(), lease_until = now() + interval '60 s'",
    )
    .await;
    let first = shop.app.app.run(&job).await.unwrap();
    assert_eq!(shop.app.app.run(&job).await.unwrap(), first);
    assert_eq!(shop.app.run_jobs().await, 0, "the job is still leased");
    shop.sql("update chassis.job set lease_until = now() - interval '1 s'").await;
    assert_eq!(shop.app.run_jobs().await, 1);

    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    assert_eq!(row.sha256.as_ref(), Some(&first[0].sha256));
    let bytes = stored(&shop, row).await;
    assert_eq!(sha256(&bytes), first[0].sha256);
    assert!(Paper::from(bytes).text().contains("BILL OF SUPPLY"));

    // The first runner wakes up and records what it did.
    let mut tx = shop.app.db().begin().await.unwrap();
    shop.app.app.complete(job, first, &mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 1);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_crash_between_upload_and_record_ends_in_the_same_document(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    shop.confirmed(&[&seller]).await;
    shop.sql(
        "create function refuse() returns trigger language plpgsql as
             $$ begin raise exception 'away' using errcode = '57P01'; end $$;
         create trigger refuse before update on invoices execute function refuse();",
    )
    .await;

    shop.app.run_jobs().await;
    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    assert_eq!(row.state, "numbered");
    let uploaded = stored(&shop, row).await;
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await, []);
    shop.sql("drop trigger refuse on invoices").await;
    shop.app.clock.advance(SignedDuration::from_secs(5));
    shop.app.run_jobs().await;

    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    assert_eq!((row.state.as_str(), row.number.as_str()), ("issued", "LOTU/2627/000001"));
    assert_eq!(row.sha256.as_ref(), Some(&sha256(&uploaded)));
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 1);
}

/// An earlier release was stopped between upload and record, and the present one sets the page in other bytes.
#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_lies_there_already_is_never_overwritten_and_keeps_no_document_from_being_issued(
    pool: PgPool,
) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    shop.confirmed(&[&seller]).await;
    let [before] = &shop.rows().await[..] else { panic!("there is one document") };
    shop.bucket.put_once(&before.object_key, b"another".to_vec(), "application/pdf").await.unwrap();

    let job = the_job(&shop).await;
    let first = shop.app.app.run(&job).await.unwrap();
    shop.app.run_jobs().await;

    assert_eq!(stored(&shop, before).await, b"another");
    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    assert_eq!((row.state.as_str(), &row.object_key), ("issued", &first[0].object_key));
    let bytes = stored(&shop, row).await;
    assert_eq!(row.sha256.as_ref(), Some(&sha256(&bytes)));
    let [issued] = &shop.app.emitted::<InvoiceIssued>().await[..] else {
        panic!("it is said once")
    };
    assert_eq!(shop.app.anonymous().get(&mailed(issued)).await.body, bytes);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_another_release_recorded_first_stands(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    shop.confirmed(&[&seller]).await;
    let job = the_job(&shop).await;
    let mut other = shop.app.app.run(&job).await.unwrap();
    shop.app.run_jobs().await;
    let before = shop.rows().await;

    other[0].sha256 = sha256(b"other bytes");
    let mut tx = shop.app.db().begin().await.unwrap();
    shop.app.app.complete(job, other, &mut tx).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(shop.rows().await, before);
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 1);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_document_that_cannot_be_printed_does_not_keep_those_of_its_order_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let sellers = [shop.seller("LOTU").await, shop.seller("NEEM").await, shop.seller("SARI").await];
    shop.confirmed(&[&sellers[0], &sellers[1], &sellers[2]]).await;
    let job = the_job(&shop).await;
    let before = shop.rows().await;
    // Both places of the second are taken by something else.
    let at = |key: &str| before.iter().position(|row| row.object_key == key).unwrap();
    let printed = shop.app.app.run(&job).await.unwrap();
    let second = printed.iter().find(|printed| at(&printed.object_key) == 1).unwrap();
    let beside = second.object_key.replace(".pdf", &format!("-{}.pdf", second.sha256));
    for key in [&second.object_key, &beside] {
        shop.bucket.delete(key).await.unwrap();
        shop.bucket.put_once(key, b"another".to_vec(), "application/pdf").await.unwrap();
    }

    shop.app.run_jobs().await;

    let states = async || shop.rows().await.into_iter().map(|row| row.state).collect::<Vec<_>>();
    assert_eq!(states().await, ["issued", "numbered", "issued"]);
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 2);

    shop.bucket.delete(&beside).await.unwrap();
    shop.app.clock.advance(SignedDuration::from_secs(5));
    shop.app.run_jobs().await;
    assert_eq!(states().await, ["issued", "issued", "issued"]);
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 1);
}

/// A release before this one queued a job per document.
#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_job_for_a_single_document_prints_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    shop.confirmed(&[&seller]).await;
    let [invoice_id] = the_job(&shop).await.invoice_ids[..] else { panic!("there is one") };
    shop.sql("delete from chassis.job").await;
    let mut tx = shop.app.db().begin().await.unwrap();
    let now = tx.now();
    tx.schedule(&PrintInvoice { invoice_id }, now).await.unwrap();
    tx.commit().await.unwrap();

    shop.app.run_jobs().await;

    let [issued] = &shop.app.emitted::<InvoiceIssued>().await[..] else {
        panic!("it is said once")
    };
    assert_eq!(issued.invoice_id, invoice_id);
}
