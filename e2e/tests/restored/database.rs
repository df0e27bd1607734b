//! One service's database is restored from a backup that was made in the middle of trade.

use std::time::Duration;

use anyhow::Context as _;
use e2e::runbook::Runbook;
use e2e::stack::alone_on_the_stack;
use e2e::{invariants, stage};
use mall::journey::{Actors, Report};
use mall::onboarding::inr;
use mall::person::Person;
use mall::reporter::{Reporter, until};
use mall::settings::Settings;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::trade::{buy, buy_telling, settled};

/// Long for a change of price to be seen everywhere.
const SOON: Duration = Duration::from_secs(30);
const PAGE: &str = "restore-a-database.md";

/// Makes the backup while a parcel is on its way: the order is paid, its sellers are not done.
async fn back_up_in_the_middle(
    actors: &Actors,
    page: &Runbook,
    service: &str,
) -> anyhow::Result<Report> {
    let mut reporter = Reporter::new(true);
    let mut begun = reporter.begun();
    let backup = async {
        begun.wait_for(|steps| steps.iter().any(|step| step.contains("accepts"))).await?;
        page.follow("pg_dump", service).await
    };
    let (journey, backup) = tokio::join!(buy_telling(actors, &mut reporter), backup);
    backup?;
    journey
}

/// What the sellers of an order did since the backup came by HTTP: they do it again, and whoever knows of it changes nothing.
async fn done_again(actors: &Actors, report: &Report) -> anyhow::Result<()> {
    let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
    let deeds =
        [("accept", json!({})), ("pack", json!({})), ("ship", parcel), ("deliver", json!({}))];
    for (vendor, seller_order) in report.vendors.iter().zip(&report.seller_orders) {
        let seller = actors.sellers.iter().find(|seller| seller.vendor == *vendor);
        let seller = &seller.context("a seller of the order")?.person;
        for (deed, body) in &deeds {
            let path = format!("/v1/vendors/{vendor}/orders/{seller_order}/{deed}");
            let answer = seller.send(Method::POST, &path, Some(body.clone()), None).await?;
            let status = answer.status();
            // What the backup has is not done twice.
            let fine = status.is_success() || status == StatusCode::CONFLICT;
            anyhow::ensure!(fine, "{path}: {status} {}", answer.text().await?);
        }
    }
    Ok(())
}

/// The provider's books: what it took, in paise and in how many captures.
async fn taken(settings: &Settings) -> anyhow::Result<Value> {
    let ledger = reqwest::get(format!("{}/sandbox/ledger", settings.sandbox)).await?;
    Ok(ledger.json::<Value>().await?["totals"].clone())
}

#[tokio::test]
async fn payments_made_since_the_backup_are_found_again_and_nobody_pays_twice() -> anyhow::Result<()>
{
    alone_on_the_stack(async |settings, supervisor| {
        let page = Runbook::open(settings, PAGE)?;
        let actors = stage::actors(settings, "restored").await?;
        back_up_in_the_middle(&actors, &page, "payment").await?;
        let since = [buy(&actors).await?, buy(&actors).await?];
        let books = taken(settings).await?;

        let said = page.follow("replicas=", "payment").await?;
        supervisor.all_ready().await?;
        for report in &since {
            let lost = said.lines().find(|line| line.contains(&report.checkout_id));
            let lost =
                lost.with_context(|| format!("{} is not named:\n{said}", report.checkout_id))?;
            anyhow::ensure!(lost.contains("the backup ends at 0, the topic at 2"), "{lost}");
        }
        let payments = settled(settings).await?.db("payment")?.clone();
        for report in &since {
            let status: String =
                sqlx::query_scalar("select status from payments where payment_id::text = $1")
                    .bind(&report.payment_id)
                    .fetch_one(&payments)
                    .await?;
            assert_eq!(status, "captured", "{}", report.payment_id);
        }
        assert_eq!(taken(settings).await?, books, "the provider was asked for money again");
        buy(&actors).await?;
        invariants::hold(&settled(settings).await?, &[1, 2, 3, 11]).await
    })
    .await
}

#[tokio::test]
async fn orders_placed_since_the_backup_are_placed_again_under_the_names_that_everybody_knows()
-> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        let page = Runbook::open(settings, PAGE)?;
        let actors = stage::actors(settings, "restored").await?;
        let during = back_up_in_the_middle(&actors, &page, "order").await?;
        let since = [buy(&actors).await?, buy(&actors).await?];
        let books = taken(settings).await?;

        let said = page.follow("replicas=", "order").await?;
        supervisor.all_ready().await?;
        let orders = settled(settings).await?.db("order")?.clone();
        for report in &since {
            anyhow::ensure!(said.contains(&report.checkout_id), "{said}");
            let (order, state, payment): (String, String, String) = sqlx::query_as(
                "select order_id::text, state, payment_id::text from orders where checkout_id::text = $1",
            )
            .bind(&report.checkout_id)
            .fetch_one(&orders)
            .await?;
            assert_eq!((&order, &*state), (&report.order_id, "confirmed"));
            assert_eq!(payment, report.payment_id);
            let parts: Vec<String> = sqlx::query_scalar(
                "select seller_order_id::text from seller_orders where order_id::text = $1 order by position",
            )
            .bind(&order)
            .fetch_all(&orders)
            .await?;
            assert_eq!(parts, report.seller_orders);
        }
        assert_eq!(taken(settings).await?, books, "the provider was asked for money again");
        for report in since.iter().chain([&during]) {
            done_again(&actors, report).await?;
        }
        buy(&actors).await?;
        invariants::holds(settings).await
    })
    .await
}

/// What a buyer who puts one piece into the cart is asked for, once it is `paise`.
async fn asked_for(settings: &Settings, sku: &str, paise: i64) -> anyhow::Result<()> {
    let buyer = Person::sign_in(settings, &stage::somebody("restored")).await?;
    buyer.put(&format!("/v1/cart/lines/{sku}"), json!({ "quantity": 1 })).await?;
    until(SOON, &format!("the cart asks for {paise} paise"), async || {
        let cart = buyer.get("/v1/cart").await?;
        Ok((cart["sellers"][0]["lines"][0]["unit_price"] == inr(paise)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn what_a_restored_service_says_is_believed_though_it_was_said_before() -> anyhow::Result<()>
{
    alone_on_the_stack(async |settings, supervisor| {
        let page = Runbook::open(settings, PAGE)?;
        let actors = stage::actors(settings, "restored").await?;
        let seller = &actors.sellers[0];
        let (product, sku, price) = seller.products.last().context("a seller with products")?;
        let path = format!("/v1/vendors/{}/prices/{sku}", seller.vendor);
        let set = async |price| seller.person.put(&path, json!({ "price": inr(price) })).await;
        set(*price).await?;
        back_up_in_the_middle(&actors, &page, "product").await?;
        buy(&actors).await?;
        for raised in [price + 100, price + 200] {
            set(raised).await?;
        }
        asked_for(settings, sku, price + 200).await?;

        let said = page.follow("replicas=", "product").await?;
        supervisor.all_ready().await?;
        let lost = said.lines().find(|line| line.contains(product.as_str()));
        let lost = lost.with_context(|| format!("the price is not named:\n{said}"))?;
        anyhow::ensure!(lost.contains("product.upserted.v1"), "{lost}");
        // The versions of these two were used for prices that the owner has forgotten.
        set(price + 300).await?;
        asked_for(settings, sku, price + 300).await?;
        set(*price).await?;
        asked_for(settings, sku, *price).await?;
        buy(&actors).await?;
        invariants::holds(settings).await
    })
    .await
}
