//! A life in the mall: signs in, buys twice, opens links, applies to sell, makes mistakes. Every word of it is marked.

use anyhow::Context as _;
use e2e::stage::{self, somebody};
use kernel::EventId;
use mall::journey::{Actors, Method, Report, play};
use mall::mailbox::Mailbox;
use mall::person::Person;
use mall::reporter::{PATIENCE, Reporter, until};
use mall::settings::Settings;
use reqwest::Method as Verb;
use serde_json::{Value, json};

use crate::mark::{Mark, capitals, digits};
use crate::paths::{ONE_OF_EACH, STAFF, Slips};
use crate::places::Text;

/// What is left of a life.
#[derive(Debug)]
pub struct Life {
    /// What is looked for.
    pub marks: Vec<Mark>,
    /// A harmless word that is known to be in logs, traces and refusals.
    pub planted: String,
    pub refusals: Vec<Text>,
    /// What staff was shown.
    pub seen_by_staff: Vec<Text>,
}

pub async fn live(settings: &Settings) -> anyhow::Result<Life> {
    let mut marks = Vec::new();
    let actors = stage::actors(settings, "marked").await?;
    let shopper = shop(&actors, &mut marks).await?;
    let (pan, account) = apply(settings, &mut marks).await?;
    let (challenge, code) = ask_code(settings, &mut marks).await?;

    let planted = format!("planted-{}", EventId::new().as_uuid().simple());
    let slips = Slips {
        mail: &actors.buyer,
        phone: &shopper.phone,
        code: (&challenge, &code),
        refresh_token: shopper.buyer.refresh_token(),
        pan: &pan,
        account: &account,
        link: &revoked(&shopper).await?,
    };
    let refusals = refused(&shopper.buyer, &slips, &planted).await?;
    let seen_by_staff = shown(&actors.staff, &shopper.buyer).await?;
    plant(settings, &planted).await?;
    Ok(Life { marks, planted, refusals, seen_by_staff })
}

struct Shopper {
    buyer: Person,
    phone: String,
    report: Report,
}

/// Signs in on two devices, says who they are, buys by UPI and on delivery. Beside them a guest fills a cart.
async fn shop(actors: &Actors, marks: &mut Vec<Mark>) -> anyhow::Result<Shopper> {
    let report = play(actors, Method::Upi, &mut Reporter::new(true)).await?;
    let mut buyer = Person::sign_in(&actors.settings, &actors.buyer).await?;
    marks.extend(tokens(&buyer));
    let (address, phone) = introduce(&buyer, marks).await?;
    buyer.refresh().await?;
    marks.extend(tokens(&buyer));
    let (_, sku, _) = &actors.sellers[0].products[0];
    buy(&buyer, &address, sku).await?;
    marks.push(Mark::secret("a guest's cart", &guest(&actors.settings, sku).await?));

    let mailbox = Mailbox::new(&actors.settings.mail);
    let mail = mailbox.wait_for(&actors.buyer, "confirmed", 1).await?;
    let opened = report.invoices.iter().map(|invoice| invoice.url.clone());
    for link in opened.chain(mail.links("/v1/invoice-links/")) {
        marks.push(Mark::secret("a link to an invoice", last(&link)));
    }
    marks.push(Mark::contact("a mail address", local(&actors.buyer)));
    marks.extend(mailbox.codes(&actors.buyer).await?.iter().map(|code| Mark::code(code)));
    Ok(Shopper { buyer, phone, report })
}

fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

fn tokens(person: &Person) -> [Mark; 2] {
    [
        // Without its signature it opens nothing; with it, everything.
        Mark::secret("an access token", last(&person.access_token().replace('.', "/"))),
        Mark::secret("a refresh token", person.refresh_token()),
    ]
}

/// Somebody asks for a code and does not use it. Returns the challenge and the code.
async fn ask_code(settings: &Settings, marks: &mut Vec<Mark>) -> anyhow::Result<(String, String)> {
    let mailbox = Mailbox::new(&settings.mail);
    let address = somebody("undecided");
    let body = json!({ "address": address });
    let asked = Person::stranger(settings, &address)?.post("/v1/auth/otp", body).await?;
    let code =
        until(PATIENCE, "a code", async || Ok(mailbox.codes(&address).await?.into_iter().next()));
    let code = code.await?;
    marks.push(Mark::code(&code));
    marks.push(Mark::secret("the address of somebody who has no account", local(&address)));
    Ok((asked["challenge_id"].as_str().context("no challenge")?.to_owned(), code))
}

/// What stands before the `@`.
fn local(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}

/// Says who they are and where they live. Returns the address and the phone.
pub async fn introduce(buyer: &Person, marks: &mut Vec<Mark>) -> anyhow::Result<(String, String)> {
    let name = format!("Zq{}", capitals(8).to_lowercase());
    let street = format!("{} Lane", capitals(10));
    let phone = format!("9{}", digits(9));
    let profile = json!({ "name": format!("{name} Rao"), "phone": format!("+91{phone}") });
    let told = buyer.send(Verb::PATCH, "/v1/me", Some(profile), None).await?;
    anyhow::ensure!(told.status().is_success(), "{}", told.text().await?);
    let address = json!({
        "recipient": format!("{name} Rao"), "phone": format!("+91{phone}"), "line1": format!("7 {street}"),
        "city": "Bengaluru", "state": "29", "pincode": "560001",
    });
    let made = buyer.post("/v1/me/addresses", address).await?;
    marks.push(Mark::contact("a name", &name));
    marks.push(Mark::contact("a street", &street));
    marks.push(Mark::contact("a phone", &phone));
    let address = made["address_id"].as_str().context("no address_id")?.to_owned();
    Ok((address, format!("+91{phone}")))
}

/// Buys one more thing, to be sent to the marked address and paid for at its door.
pub async fn buy(buyer: &Person, address: &str, sku: &str) -> anyhow::Result<()> {
    buyer.put(&format!("/v1/cart/lines/{sku}"), json!({ "quantity": 1 })).await?;
    let cart = buyer.get("/v1/cart").await?;
    let body =
        json!({ "address_id": address, "payment_method": "cod", "expected_total": cart["total"] });
    let checkout = buyer.post("/v1/cart/checkout", body).await?;
    let path = format!("/v1/checkouts/{}", checkout["checkout_id"].as_str().context("no id")?);
    until(PATIENCE, "the order is confirmed", async || {
        let answer = buyer.send(Verb::GET, &path, None, None).await?;
        let now: Value = answer.json().await?;
        anyhow::ensure!(now["status"] != "rejected", "{now}");
        Ok((now["status"] == "confirmed").then_some(()))
    })
    .await
}

/// Takes back the link to an invoice. Returns its end.
async fn revoked(Shopper { buyer, report, .. }: &Shopper) -> anyhow::Result<String> {
    let invoice = &report.invoices[0];
    let listed = buyer.get(&format!("/v1/orders/{}/invoices", report.order_id)).await?;
    let mut listed = listed["items"].as_array().into_iter().flatten();
    let same = listed.find(|item| item["number"] == invoice.number).context("no such invoice")?;
    let path = format!("/v1/invoices/{}/links", same["invoice_id"].as_str().context("no id")?);
    let gone = buyer.send(Verb::DELETE, &path, None, None).await?;
    anyhow::ensure!(gone.status().is_success(), "{}", gone.text().await?);
    Ok(last(&invoice.url).to_owned())
}

/// Somebody without an account fills a cart. Returns the key to it.
async fn guest(settings: &Settings, sku: &str) -> anyhow::Result<String> {
    let guest = Person::stranger(settings, "")?;
    let path = format!("/v1/cart/lines/{sku}");
    let answer = guest.send(Verb::PUT, &path, Some(json!({ "quantity": 1 })), None).await?;
    let token = answer.headers().get("x-cart-token").context("a guest without a cart")?;
    Ok(token.to_str()?.to_owned())
}

/// Somebody applies to sell, with everything that proves who they are. Returns their PAN and bank account.
async fn apply(settings: &Settings, marks: &mut Vec<Mark>) -> anyhow::Result<(String, String)> {
    let owner = Person::sign_in(settings, &somebody("proprietor")).await?;
    let pan = format!("{}P{}{}{}", capitals(3), capitals(1), &digits(4), capitals(1));
    let account = digits(14);
    let holder = format!("Zh{}", capitals(8).to_lowercase());
    let body = json!({
        "legal_name": "Sole Trader", "display_name": "Sole Trader", "pan": pan,
        "address": { "line1": "1 Side Street", "city": "Bengaluru", "state": "29", "pincode": "560001" },
        "bank_account": { "account_number": account, "ifsc": "HDFC0000053", "holder": holder },
    });
    let applied = owner.post("/v1/vendors", body).await?;
    let vendor = applied["vendor_id"].as_str().context("no vendor_id")?;
    let document = json!({ "kind": "pan", "content_type": "application/pdf", "size": 9, "sha256": "0".repeat(64) });
    let path = format!("/v1/vendors/{vendor}/kyc-documents");
    let announced = owner.post(&path, document).await?;
    let upload = announced["upload"]["url"].as_str().context("no url")?;
    let signature = upload.split("X-Amz-Signature=").nth(1).context("no signature")?;
    // An upload of something else: the object store refuses it, and must not keep the link in its log.
    reqwest::Client::new().put(upload).body("something else").send().await?;
    owner.send(Verb::POST, &format!("/v1/vendors/{vendor}/submit"), Some(json!({})), None).await?;
    marks.push(Mark::secret("a PAN", &pan));
    marks.push(Mark::secret("a bank account", &account));
    marks.push(Mark::secret("the holder of a bank account", &holder));
    marks.push(Mark::secret("a signed upload", signature.split('&').next().unwrap_or_default()));
    marks.extend(tokens(&owner));
    Ok((pan, account))
}

/// Makes every mistake once. The answers must not repeat what was said.
async fn refused(buyer: &Person, slips: &Slips<'_>, planted: &str) -> anyhow::Result<Vec<Text>> {
    let mut slips = slips.all();
    slips.push(("PATCH", "/v1/me".into(), json!({ planted: true })));
    let mut refusals = Vec::new();
    for (method, path, body) in slips {
        let key = EventId::new().to_string();
        let body = Some(body).filter(|body| !body.is_null());
        let answer = buyer.send(method.parse()?, &path, body, Some(&key)).await?;
        let (status, text) = (answer.status(), answer.text().await?);
        anyhow::ensure!(status.is_client_error(), "{method} {path}: {status} {text}");
        let route = path.split('?').next().unwrap_or_default();
        refusals.push(Text::new(format!("the {status} of {method} {route}"), text));
    }
    Ok(refusals)
}

async fn shown(staff: &Person, buyer: &Person) -> anyhow::Result<Vec<Text>> {
    let mut pages = vec![format!("/v1/admin/users/{}", buyer.id())];
    pages.extend(STAFF.map(str::to_owned));
    let mut shown = Vec::new();
    for page in pages {
        let seen = staff.get(&page).await?.to_string();
        shown.push(Text::new(format!("staff at {page}"), seen));
    }
    Ok(shown)
}

/// Leaves a harmless word in the log of the gateway and in the traces of every service.
async fn plant(settings: &Settings, word: &str) -> anyhow::Result<()> {
    let http = reqwest::Client::new();
    for path in ONE_OF_EACH {
        let url = format!("{}{path}", settings.gateway.trim_end_matches('/'));
        http.get(url).header("x-request-id", word).send().await?;
    }
    Ok(())
}
