//! Somebody asks to be forgotten while a parcel is on its way. What the parcel needs stays until it has come, and then
//! it is nowhere: not at the seller, in no table of any service, and in no record that a topic keeps.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use contracts::topics;
use e2e::{broker, stage};
use mall::person::Person;
use mall::reporter::{PATIENCE, until};
use mall::settings::Settings;
use mall::verify::stack::StackHandles;
use reqwest::Method as Verb;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::life::{buy, introduce};
use crate::mark::Mark;

/// It is looked for once a minute; an hour is promised.
const GONE: Duration = Duration::from_mins(3);

/// Invoices and credit notes, which the law keeps.
const KEPT_BY_LAW: &str = "public.invoices";

#[tokio::test]
async fn nothing_is_left_of_somebody_who_left_once_the_parcel_has_come() {
    left().await.unwrap_or_else(|e| panic!("{e:#}"));
}

async fn left() -> anyhow::Result<()> {
    let settings = stage::settings()?;
    let stack = StackHandles::of(&settings).await?;
    let actors = stage::actors(&settings, "leaver").await?;
    let seller = &actors.sellers[0];
    let buyer = Person::sign_in(&settings, &actors.buyer).await?;
    let mut marks = Vec::new();
    let (address, _) = introduce(&buyer, &mut marks).await?;
    let (_, sku, _) = &seller.products[0];
    buy(&buyer, &address, sku).await?;
    let orders = buyer.get("/v1/orders").await?;
    let path = format!("/v1/orders/{}", text(&orders["items"][0]["order_id"])?);
    let order = buyer.get(&path).await?;
    let part = text(&order["seller_orders"][0]["seller_order_id"])?;
    let part = format!("/v1/vendors/{}/orders/{part}", seller.vendor);

    seller.person.post(&format!("{part}/accept"), Value::Null).await?;
    seller.person.post(&format!("{part}/pack"), Value::Null).await?;
    let answer = buyer.send(Verb::DELETE, "/v1/me", None, None).await?;
    anyhow::ensure!(answer.status().is_success(), "{}", answer.text().await?);
    let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
    seller.person.post(&format!("{part}/ship"), parcel).await?;
    until(PATIENCE, "everybody but the seller has forgotten", async || {
        let found = everywhere(&stack, &settings, &marks).await?;
        Ok(found.iter().all(|place| place.starts_with("order")).then_some(()))
    })
    .await?;
    let seen = seller.person.get(&part).await?;
    for mark in &marks {
        assert!(mark.stands_in(&seen["delivery"].to_string()), "the parcel needs {}", mark.what);
    }

    seller.person.post(&format!("{part}/deliver"), Value::Null).await?;
    assert!(seller.person.get(&part).await?.get("delivery").is_none(), "the seller has no need");
    let gone = until(GONE, "nothing is left", async || {
        Ok(everywhere(&stack, &settings, &marks).await?.is_empty().then_some(()))
    });
    if let Err(error) = gone.await {
        return Err(error.context(everywhere(&stack, &settings, &marks).await?.join("\n")));
    }
    Ok(())
}

fn text(value: &Value) -> anyhow::Result<&str> {
    value.as_str().context("no text")
}

/// Where any of the marks stands.
async fn everywhere(
    stack: &StackHandles,
    settings: &Settings,
    marks: &[Mark],
) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for (service, db) in &stack.databases {
        for table in tables(db).await?.iter().filter(|table| *table != KEPT_BY_LAW) {
            for mark in marks {
                if stands_in(db, table, &mark.word).await? {
                    found.push(format!("{service}: {table} holds {}", mark.what));
                }
            }
        }
    }
    found.extend(kept_records(settings, marks).await?);
    Ok(found)
}

async fn tables(db: &PgPool) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
          where schemaname not in ('pg_catalog', 'information_schema') order by 1",
    )
    .fetch_all(db)
    .await
}

/// Bytes are written in hexadecimal digits, so that the word is looked for in these, too.
async fn stands_in(db: &PgPool, table: &str, word: &str) -> sqlx::Result<bool> {
    let query = format!(
        "select exists (select from {table} t
                         where position($1 in t::text) > 0
                            or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0)"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(word).fetch_one(db).await
}

/// A topic of states keeps the last record of each key; all others keep every one.
async fn kept_records(settings: &Settings, marks: &[Mark]) -> anyhow::Result<Vec<String>> {
    let contacts = topics::USER_CONTACT_STATE.name;
    let mut kept = BTreeMap::new();
    let mut texts = Vec::new();
    for record in broker::everything(settings).await? {
        let said = record.payload.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        if record.topic.to_string() == contacts {
            kept.insert(record.key.clone(), said.into_owned());
        } else {
            texts.push((record.topic.to_string(), said.into_owned()));
        }
    }
    texts.extend(kept.into_values().map(|said| (contacts.to_owned(), said)));
    let shows = |(topic, said): &(String, String)| {
        let mark = marks.iter().find(|mark| mark.stands_in(said))?;
        Some(format!("topic {topic} holds {}", mark.what))
    };
    Ok(texts.iter().filter_map(shows).collect())
}
