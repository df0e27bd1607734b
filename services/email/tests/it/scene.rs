//! People, a shop and an order of three sellers.

use chassis::Sealer;
use contracts::invoice::{CreditNoteIssued, InvoiceIssued};
use contracts::order::{OrderConfirmed, SellerOrderCredited, SellerPart};
use contracts::user::{ChallengeId, ContactUpdated, OtpLetter, SendOtp};
use contracts::vendor::VendorChanged;
use email::{App, Config};
use jiff::SignedDuration;
use kernel::{EmailAddress, InvoiceId, Money, OrderId, SellerOrderId, UserId, VendorId};
use sqlx::PgPool;
use testkit::app::start_of_time;
use testkit::{TestApp, sample, servers};

const CODE_KEY: &str = "a key for codes that user-service shares";
const LINK_KEY: &str = "a key for links that invoice-service shares";

/// A configuration that uses the mail server at `smtp`.
pub fn config(smtp: &str) -> Config {
    Config {
        smtp_url: smtp.to_owned().into(),
        from: "Mall <no-reply@mall.test>".into(),
        code_seal_key: CODE_KEY.to_owned().into(),
        link_seal_key: LINK_KEY.to_owned().into(),
    }
}

/// The service with the real mail sink.
pub async fn with_sink(pool: PgPool) -> TestApp<App> {
    TestApp::start(pool, config(&servers::smtp_url())).await
}

/// An address nobody else uses.
pub fn address(name: &str) -> String {
    format!("{name}@{}.example.in", servers::unique())
}

/// Somebody of this name, with an address of their own.
pub fn person(name: &str) -> ContactUpdated {
    ContactUpdated {
        user_id: UserId::new(),
        email: EmailAddress::parse(&address("asha")).unwrap(),
        name: Some(name.to_owned()),
        addresses: Vec::new(),
        ..sample()
    }
}

/// A code on its way to `to`, good for five minutes.
pub fn otp(to: &str, code: &str) -> SendOtp {
    let challenge_id = ChallengeId::new();
    let letter =
        OtpLetter { to: EmailAddress::parse(to).unwrap(), code: code.to_owned(), minutes: 5 };
    let sealed = seal(CODE_KEY, &serde_json::to_vec(&letter).unwrap(), &challenge_id.to_string());
    SendOtp { challenge_id, sealed, expires_at: start_of_time() + SignedDuration::from_mins(5) }
}

fn seal(key: &str, text: &[u8], associated: &str) -> String {
    Sealer::new(&key.to_owned().into()).unwrap().seal(text, associated).unwrap()
}

/// An order of three sellers, their owners, the buyer, and the invoices.
pub struct Sale {
    pub buyer: ContactUpdated,
    pub owners: Vec<ContactUpdated>,
    pub vendors: Vec<VendorChanged>,
    pub order: OrderConfirmed,
    pub invoices: Vec<InvoiceIssued>,
}

impl Sale {
    /// One that never was.
    pub fn new() -> Self {
        let buyer = person("Asha Rao");
        let owners: Vec<_> = ["Meera", "Kabir", "Noor"].map(person).into();
        let names = ["Lotus Home", "Banyan Books", "Saffron & Sons"];
        let vendors: Vec<_> =
            owners.iter().zip(names).map(|(owner, name)| shop(owner, name)).collect();
        let mut order = sample::<OrderConfirmed>();
        order.order.order_id = OrderId::new();
        order.order.buyer = buyer.user_id;
        let model = order.order.parts.remove(0);
        order.order.parts = vendors.iter().zip(1..).map(|(v, n)| part(&model, v, n)).collect();
        let totals = order.order.parts.iter().map(|part| part.total);
        order.order.total = Money::sum(totals, kernel::Currency::Inr).unwrap();
        let invoices = order.order.parts.iter().map(|part| invoice(&order, part)).collect();
        Self { buyer, owners, vendors, order, invoices }
    }

    /// Lets the service know everybody.
    pub async fn introduce(&self, app: &TestApp<App>) {
        for contact in self.owners.iter().chain([&self.buyer]) {
            app.deliver(contact.clone()).await;
        }
        for vendor in &self.vendors {
            app.deliver(vendor.clone()).await;
        }
    }

    /// Lets the service hear the order and its invoices.
    pub async fn happen(&self, app: &TestApp<App>) {
        app.deliver(self.order.clone()).await;
        for invoice in &self.invoices {
            app.deliver(invoice.clone()).await;
        }
    }

    /// The link in the mail to an invoice.
    pub fn link(invoice: &InvoiceIssued) -> String {
        format!("https://mall.test/v1/invoice-links/{}-token_?a=1&b=2", invoice.invoice_id)
    }
}

/// A shop of `owner`.
pub fn shop(owner: &ContactUpdated, name: &str) -> VendorChanged {
    VendorChanged {
        vendor_id: VendorId::new(),
        owner: owner.user_id,
        members: vec![owner.user_id],
        display_name: name.to_owned(),
        ..sample()
    }
}

/// Two lines of 1,299.00 and 10.00 times three, and 40.00 for delivery.
fn part(model: &SellerPart, vendor: &VendorChanged, nth: u32) -> SellerPart {
    let mut part = SellerPart {
        seller_order_id: SellerOrderId::new(),
        number: format!("M261122-000001-{nth}"),
        vendor_id: vendor.vendor_id,
        vendor_name: vendor.display_name.clone(),
        shipping: Money::inr(4_000),
        total: Money::inr(266_800),
        ..model.clone()
    };
    let mut second = part.lines[0].clone();
    second.title = format!("Wicks No. {nth} <script>alert(1)</script>\r\nOrder total: nothing");
    second.quantity = 3;
    second.unit_price = Money::inr(1_000);
    second.total = Money::inr(3_000);
    part.lines.push(second);
    part
}

fn invoice(order: &OrderConfirmed, part: &SellerPart) -> InvoiceIssued {
    let invoice_id = InvoiceId::new();
    let mut invoice = InvoiceIssued {
        invoice_id,
        number: format!("A1B2/2627/{}", part.number),
        order_id: order.order.order_id,
        seller_order_id: part.seller_order_id,
        vendor_id: part.vendor_id,
        buyer: order.order.buyer,
        total: part.total,
        ..sample()
    };
    invoice.sealed_link = seal(LINK_KEY, Sale::link(&invoice).as_bytes(), &invoice_id.to_string());
    invoice
}

/// The credit note about a credit.
pub fn note(credit: &SellerOrderCredited) -> CreditNoteIssued {
    let base = sample::<CreditNoteIssued>();
    let invoice_id = InvoiceId::new();
    let mut credit_note = InvoiceIssued {
        invoice_id,
        buyer: credit.seller_order.buyer,
        order_id: credit.seller_order.order_id,
        issued_at: credit.seller_order.at,
        ..base.credit_note
    };
    let link = Sale::link(&credit_note);
    credit_note.sealed_link = seal(LINK_KEY, link.as_bytes(), &invoice_id.to_string());
    CreditNoteIssued { credit_note, credit_id: credit.credit_id, ..base }
}

/// Something is taken back, and has its credit note.
pub async fn take_back(app: &TestApp<App>, credit: SellerOrderCredited) {
    let note = note(&credit);
    app.deliver(credit).await;
    app.deliver(note).await;
}

/// The rows of the send ledger of this kind: (status, attempts).
pub async fn ledger(app: &TestApp<App>, kind: &str) -> Vec<(String, i32)> {
    sqlx::query_as("select status, attempts from messages where kind = $1 order by message_id")
        .bind(kind)
        .fetch_all(app.db().pool())
        .await
        .unwrap()
}
