//! A shop with sellers, buyers and orders, to be varied by the tests.

use chassis::apply::{Applied, ApplyError};
use chassis::record::Record;
use chassis::s3::Bucket;
use chassis::subscriptions::Kind;
use chassis::{Consumer, Sealer, Service, dead_letters};
use contracts::invoice::InvoiceIssued;
use contracts::order::{OrderConfirmed, SellerPart};
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;
use invoice::{App, BUCKET, Config};
use kernel::{AddressId, CheckoutId, Gstin, OrderId, SellerOrderId, StateCode, UserId, VendorId};
use serde_json::Value;
use sqlx::{FromRow, PgPool};
use testkit::{TestApp, sample};

use crate::paper::CJK;

const SEAL_KEY: &str = "shared with email-service, in tests only";

pub fn config() -> Config {
    Config {
        link_key: "vouches for links, in tests only....".to_owned().into(),
        link_seal_key: SEAL_KEY.to_owned().into(),
        renderers: 1,
        east_asian_font: CJK.into(),
        platform_prefix: "MALL".into(),
        platform_name: "Mall Marketplace Private Limited".into(),
        platform_gstin: "29AABCU9603R1ZJ".into(),
        platform_line1: "1 Residency Road".into(),
        platform_line2: None,
        platform_city: "Bengaluru".into(),
        platform_pincode: "560025".into(),
    }
}

pub struct Shop {
    pub app: TestApp<App>,
    pub bucket: Bucket,
    pub buyer: ContactUpdated,
}

/// A document's row.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Row {
    pub number: String,
    pub state: String,
    pub object_key: String,
    pub sha256: Option<String>,
}

impl Shop {
    /// Opens a shop that one buyer is known to.
    pub async fn open(pool: PgPool) -> Self {
        let app = TestApp::<App>::start(pool, config()).await;
        let bucket = Bucket::new(&app.common, BUCKET).unwrap();
        bucket.ensure().await.unwrap();
        let buyer = buyer();
        app.deliver(buyer.clone()).await;
        Self { app, bucket, buyer }
    }

    /// A seller that is known.
    pub async fn seller(&self, prefix: &str) -> VendorChanged {
        let seller = seller(prefix);
        self.app.deliver(seller.clone()).await;
        seller
    }

    /// An order of the buyer, confirmed and numbered; nothing is printed yet.
    pub async fn confirmed(&self, sellers: &[&VendorChanged]) -> OrderConfirmed {
        let order = confirmed(&self.buyer, sellers);
        self.app.deliver(order.clone()).await;
        order
    }

    /// An order of the buyer with its documents issued.
    pub async fn issued(&self, sellers: &[&VendorChanged]) -> (OrderConfirmed, Vec<InvoiceIssued>) {
        let order = self.confirmed(sellers).await;
        self.app.run_jobs().await;
        (order, self.app.emitted::<InvoiceIssued>().await)
    }

    pub fn consumer(&self) -> Consumer {
        let subscribed = App::subscriptions().of(&self.app.app);
        chassis::run::consumer::<App>(self.app.db(), &subscribed, Kind::Effect)
    }

    /// What becomes of one try at taking `record` in.
    pub async fn try_hear(&self, record: &Record) -> Result<Applied, ApplyError> {
        self.consumer().apply(std::slice::from_ref(record)).await
    }

    /// Why the orders that nobody could number were put aside.
    pub async fn dead(&self) -> Vec<String> {
        let letters = dead_letters::list(self.app.db()).await.unwrap();
        letters.into_iter().map(|letter| letter.problem).collect()
    }

    pub async fn rows(&self) -> Vec<Row> {
        let sql = "select number, state, object_key, sha256 from invoices order by number";
        sqlx::query_as(sql).fetch_all(self.app.db().pool()).await.unwrap()
    }

    pub async fn numbers(&self) -> Vec<String> {
        self.rows().await.into_iter().map(|row| row.number).collect()
    }

    /// The frozen model of the only document.
    pub async fn document(&self) -> Value {
        let sql = "select document from invoices";
        sqlx::query_scalar(sql).fetch_one(self.app.db().pool()).await.unwrap()
    }

    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(self.app.db().pool()).await.unwrap();
    }
}

/// The path of the link that was sealed for email-service.
pub fn mailed(issued: &InvoiceIssued) -> String {
    let sealer = Sealer::new(&SEAL_KEY.to_owned().into()).unwrap();
    let url = sealer.open(&issued.sealed_link, &issued.invoice_id.to_string()).unwrap();
    path(&String::from_utf8(url).unwrap())
}

/// What follows the public address in `url`.
pub fn path(url: &str) -> String {
    url.strip_prefix("https://mall.test").unwrap().to_owned()
}

pub fn buyer() -> ContactUpdated {
    let mut buyer = sample::<ContactUpdated>();
    buyer.user_id = UserId::new();
    buyer.addresses[0].address_id = AddressId::new();
    buyer
}

/// A registered seller of Mumbai.
pub fn seller(prefix: &str) -> VendorChanged {
    VendorChanged {
        vendor_id: VendorId::new(),
        gstin: Some(Gstin::parse("27AAPFU0939F1ZV").unwrap()),
        scheme: None,
        enrolment: None,
        invoice_prefix: prefix.to_owned(),
        ..sample()
    }
}

/// The same seller without a registration.
pub fn unregistered(seller: VendorChanged) -> VendorChanged {
    VendorChanged { gstin: None::<Gstin>, ..seller }
}

/// An order of `buyer` with one part per seller, sent to the first address.
pub fn confirmed(buyer: &ContactUpdated, sellers: &[&VendorChanged]) -> OrderConfirmed {
    let mut confirmed = sample::<OrderConfirmed>();
    let sample = confirmed.order.parts.remove(0);
    let order = &mut confirmed.order;
    order.checkout_id = CheckoutId::new();
    order.order_id = OrderId::new();
    order.buyer = buyer.user_id;
    order.address_id = buyer.addresses[0].address_id;
    order.address_version = buyer.addresses[0].version;
    order.place_of_supply = StateCode::parse("29").unwrap();
    order.parts = sellers
        .iter()
        .map(|seller| SellerPart {
            seller_order_id: SellerOrderId::new(),
            vendor_id: seller.vendor_id,
            ..sample.clone()
        })
        .collect();
    confirmed
}
