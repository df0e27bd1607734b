//! A journey that was played, so that every thing in a row is a real one of somebody.

use std::collections::BTreeMap;

use e2e::stage::{self, somebody};
use kernel::EventId;
use mall::journey::{Actors, Method, Report, play};
use mall::onboarding::inr;
use mall::person::Person;
use mall::reporter::Reporter;
use mall::settings::Settings;
use serde_json::{Value, json};

use crate::callers::People;
use crate::signer;

/// The mall after a journey.
#[derive(Debug)]
pub struct Played {
    /// Where it runs.
    pub settings: Settings,
    /// Who asks.
    pub people: People,
    /// The things that rows name.
    pub things: BTreeMap<&'static str, String>,
    /// The things nobody but their owner may ever read of.
    pub private: Vec<&'static str>,
}

pub async fn played() -> anyhow::Result<Played> {
    let settings = stage::settings()?;
    let actors = stage::actors(&settings, "matrix").await?;
    let report = play(&actors, Method::Upi, &mut Reporter::new(true)).await?;
    let people = people(&settings, &actors, &report).await?;
    let mut things = of_the_order(&people, &actors, &report).await?;
    things.extend(made(&settings, &people.seller, &things["vendor"]).await?);
    let private = ["address", "session", "payment", "invoice", "part", "draft", "message"].into();
    Ok(Played { settings, people, things, private })
}

async fn people(settings: &Settings, actors: &Actors, report: &Report) -> anyhow::Result<People> {
    let seller = |n: usize| actors.sellers.iter().find(|s| s.vendor == report.vendors[n]);
    Ok(People {
        buyer: Person::sign_in(settings, &actors.buyer).await?,
        other_buyer: Person::sign_in(settings, &somebody("other")).await?,
        seller: seller(0).unwrap().person.clone(),
        other_seller: seller(1).unwrap().person.clone(),
        staff: actors.staff.clone(),
        looks: employed(settings, &actors.staff, "look").await?,
        mails: employed(settings, &actors.staff, "mail.manage").await?,
        signer: signer::current(settings).await,
    })
}

/// Somebody new on the staff who may do one thing only.
async fn employed(settings: &Settings, staff: &Person, may: &str) -> anyhow::Result<Person> {
    let mut person = Person::sign_in(settings, &somebody("staff")).await?;
    let rights = json!({ "roles": ["buyer", "admin"], "permissions": [may] });
    staff.post(&format!("/v1/admin/users/{}/roles", person.id()), rights).await?;
    person.refresh().await?;
    Ok(person)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn items(person: &Person, path: &str) -> anyhow::Result<Vec<Value>> {
    Ok(person.get(path).await?["items"].as_array().cloned().unwrap_or_default())
}

fn find<'a>(items: &'a [Value], key: &str, value: &str) -> &'a Value {
    items.iter().find(|item| item[key] == value).unwrap_or(&Value::Null)
}

/// What the journey left behind.
async fn of_the_order(
    people: &People,
    actors: &Actors,
    report: &Report,
) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let (vendor, order) = (report.vendors[0].clone(), report.order_id.clone());
    let aboard = actors.sellers.iter().find(|s| s.vendor == vendor).unwrap();
    let (published, shelf_sku, _) = aboard.products[0].clone();
    let invoices = items(&people.buyer, &format!("/v1/orders/{order}/invoices")).await?;
    let sessions = items(&people.buyer, "/v1/me/sessions").await?;
    let addresses = items(&people.buyer, "/v1/me/addresses").await?;
    let reviews = items(&people.staff, "/v1/admin/reviews?status=published&limit=100").await?;
    let messages = items(&people.staff, "/v1/admin/messages?kind=order_confirmation").await?;
    let earlier = sessions.iter().find(|session| session["current"] == false).unwrap();
    let link = report.invoices[0].url.rsplit('/').next().unwrap().to_owned();
    Ok(BTreeMap::from([
        ("own", report.vendors[1].clone()),
        ("part", report.seller_orders[0].clone()),
        ("checkout", report.checkout_id.clone()),
        ("payment", report.payment_id.clone()),
        ("invoice", text(&find(&invoices, "vendor_id", &vendor)["invoice_id"])),
        ("address", text(&addresses[0]["address_id"])),
        ("session", text(&earlier["session_id"])),
        ("review", text(&find(&reviews, "order_id", &order)["review_id"])),
        ("message", text(&messages[0]["message_id"])),
        ("user", people.other_buyer.id()),
        ("altered_link", altered(&link)),
        ("no_table", "none.csv".to_owned()),
        ("vendor", vendor),
        ("order", order),
        ("published", published),
        ("shelf_sku", shelf_sku),
    ]))
}

/// With another last character but one; the last may carry bits that nobody reads.
fn altered(link: &str) -> String {
    let at = link.len() - 2;
    let other = if link[at..].starts_with('A') { "B" } else { "A" };
    format!("{}{other}{}", &link[..at], &link[at + 1..])
}

/// What nobody has published: a product that is being written, a seller that has only applied.
async fn made(
    settings: &Settings,
    seller: &Person,
    vendor: &str,
) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let unique = EventId::new().as_uuid().simple().to_string()[20..].to_uppercase();
    let sku = format!("MATRIX-{unique}");
    let product = json!({
        "title": "A thing", "description": "Not on any shelf.", "category": "decor", "hsn": "6914",
        "gst_rate_bp": 500, "variants": [{ "sku": sku, "options": {}, "price": inr(50_000) }],
    });
    let draft = seller.post(&format!("/v1/vendors/{vendor}/products"), product).await?;
    let application = json!({
        "legal_name": "Never Submitted", "display_name": "Never Submitted", "pan": "AAAPN1234N",
        "address": { "line1": "1 Side Street", "city": "Bengaluru", "state": "29", "pincode": "560001" },
        "bank_account": { "account_number": "012345678901", "ifsc": "HDFC0000053", "holder": "Never Submitted" },
    });
    let somebody = Person::sign_in(settings, &somebody("applicant")).await?;
    let applicant = somebody.post("/v1/vendors", application).await?;
    let draft = text(&draft["product_id"]);
    Ok(BTreeMap::from([
        ("draft", draft),
        ("sku", sku),
        ("applicant", text(&applicant["vendor_id"])),
    ]))
}
