//! A seller with products on the shelf, checkouts that want them, and the books that must add up.

use contracts::admin::{Decision, ProductModerated};
use contracts::order::{OrderCancelled, OrderConfirmed, SellerOrderShipped};
use contracts::product::{Reserve, ReserveLine};
use contracts::vendor::{VendorChanged, VendorStatus};
use jiff::{SignedDuration, Timestamp};
use kernel::{CheckoutId, Clock, Money, OrderId, ProductId, SellerOrderId, Sku, UserId, VendorId};
use product::{App, Config};
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use testkit::{Client, TestApp, sample};

pub type Mall = TestApp<App>;

pub async fn open(pool: PgPool) -> Mall {
    TestApp::start(pool, Config {}).await
}

/// A seller, and so many of each of these to be sold.
pub async fn shop(pool: PgPool, skus: &[&str], stock: i64) -> (Mall, Seller) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    seller.sells(&mall, skus, stock).await;
    (mall, seller)
}

pub fn sku(text: &str) -> Sku {
    Sku::parse(text).expect("tests use good SKUs")
}

pub fn lamp(skus: &[&str]) -> Value {
    let variant = |sku: &&str| json!({ "sku": sku, "options": { "size": sku }, "price": { "amount": 129_900, "currency": "INR" } });
    json!({
        "title": "Brass oil lamp",
        "description": "Hand-cast.\n18 cm.",
        "category": "decor",
        "hsn": "8306",
        "gst_rate_bp": 1800,
        "variants": skus.iter().map(variant).collect::<Vec<_>>(),
    })
}

/// A seller that may sell.
pub struct Seller {
    pub id: VendorId,
    pub client: Client,
}

impl Seller {
    pub fn new(mall: &Mall) -> Self {
        let id = VendorId::new();
        Self { id, client: mall.as_vendor(id) }
    }

    pub async fn approved(mall: &Mall) -> Self {
        let seller = Self::new(mall);
        seller.becomes(mall, VendorStatus::Approved).await;
        seller
    }

    pub async fn becomes(&self, mall: &Mall, status: VendorStatus) {
        mall.deliver(VendorChanged { vendor_id: self.id, status, ..sample() }).await;
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/v1/vendors/{}{rest}", self.id)
    }

    /// Writes a product down; returns its id.
    pub async fn draft(&self, body: Value) -> ProductId {
        let made = self.client.post(&self.path("/products"), body).await.expect(201);
        made["product_id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
    }

    pub async fn propose(&self, id: ProductId) -> Value {
        let path = self.path(&format!("/products/{id}/propose"));
        self.client.post(&path, json!({})).await.expect(200)
    }

    /// Puts a product on the shelf, with `stock` of each of its SKUs.
    pub async fn sells(&self, mall: &Mall, skus: &[&str], stock: i64) -> ProductId {
        let id = self.draft(lamp(skus)).await;
        self.propose(id).await;
        moderated(mall, id, Decision::Approve).await;
        for sku in skus.iter().filter(|_| stock > 0) {
            self.receive(sku, stock).await;
        }
        forget(mall).await;
        id
    }

    pub async fn receive(&self, sku: &str, quantity: i64) -> Value {
        let path = self.path(&format!("/stock/{sku}/movements"));
        let body = json!({ "quantity": quantity, "reason": "counted" });
        self.client.post(&path, body).await.expect(201)
    }

    pub async fn stock(&self, sku: &str) -> Value {
        self.client.get(&self.path(&format!("/stock/{sku}"))).await.expect(200)
    }

    /// available, held, committed, shipped.
    pub async fn counters(&self, sku: &str) -> [i64; 4] {
        let stock = self.stock(sku).await;
        ["available", "held", "committed", "shipped"].map(|c| stock[c].as_i64().expect("a number"))
    }
}

/// Drops everything said so far.
pub async fn forget(mall: &Mall) {
    let outbox = sqlx::query("delete from chassis.outbox");
    outbox.execute(mall.db().pool()).await.expect("the outbox can be emptied");
}

/// Staff decides about a product, a second later than the last time.
pub async fn moderated(mall: &Mall, product_id: ProductId, decision: Decision) {
    mall.clock.advance(SignedDuration::from_secs(1));
    mall.deliver(ProductModerated {
        product_id,
        decision,
        reason: "as we saw it".into(),
        decided_by: UserId::new(),
        decided_at: mall.clock.now(),
    })
    .await;
}

/// One buyer's checkout.
#[derive(Debug, Clone)]
pub struct Checkout {
    pub id: CheckoutId,
    pub order_id: OrderId,
    pub lines: Vec<ReserveLine>,
    pub expires_at: Timestamp,
}

impl Checkout {
    /// Wants these SKUs at the price of a lamp, and holds them for six minutes.
    pub fn of(mall: &Mall, wanted: &[(&str, u32)]) -> Self {
        let line = |(name, quantity): &(&str, u32)| ReserveLine {
            sku: sku(name),
            quantity: *quantity,
            expected_price: Money::inr(129_900),
        };
        Self {
            id: CheckoutId::new(),
            order_id: OrderId::new(),
            lines: wanted.iter().map(line).collect(),
            expires_at: mall.clock.now() + SignedDuration::from_mins(6),
        }
    }

    pub fn reserve(&self) -> Reserve {
        Reserve {
            checkout_id: self.id,
            order_id: self.order_id,
            lines: self.lines.clone(),
            expires_at: self.expires_at,
        }
    }

    pub fn confirmed(&self) -> OrderConfirmed {
        let mut event = sample::<OrderConfirmed>();
        event.order.checkout_id = self.id;
        event.order.order_id = self.order_id;
        let line = event.order.parts[0].lines[0].clone();
        let lines = self.lines.iter().map(|wanted| contracts::order::OrderLine {
            sku: wanted.sku.clone(),
            quantity: wanted.quantity,
            ..line.clone()
        });
        event.order.parts[0].lines = lines.collect();
        event
    }

    pub fn cancelled(&self) -> OrderCancelled {
        OrderCancelled { checkout_id: self.id, order_id: self.order_id, ..sample() }
    }

    /// A parcel with these pieces left.
    pub fn shipped(
        &self,
        seller: &Seller,
        parcel: SellerOrderId,
        contents: &[(&str, u32)],
    ) -> SellerOrderShipped {
        let mut event = sample::<SellerOrderShipped>();
        event.seller_order.checkout_id = self.id;
        event.seller_order.order_id = self.order_id;
        event.seller_order.seller_order_id = parcel;
        event.parcel_id = None;
        event.seller_order.vendor_id = seller.id;
        let line = event.lines[0].clone();
        let lines = contents.iter().map(|(name, quantity)| contracts::order::MovedLine {
            sku: sku(name),
            quantity: *quantity,
            ..line.clone()
        });
        event.lines = lines.collect();
        event
    }
}

/// Every SKU adds up, and its counters are what its movements say.
pub async fn assert_books(mall: &Mall) {
    let wrong = sqlx::query(
        "with ledger as (
             select sku,
                    coalesce(sum(quantity) filter (where kind in ('receive', 'adjust')), 0) as received,
                    coalesce(sum(quantity) filter (where kind = 'hold'), 0) as held,
                    coalesce(sum(quantity) filter (where kind in ('release', 'expire')), 0) as back,
                    coalesce(sum(quantity) filter (where kind = 'commit'), 0) as committed,
                    coalesce(sum(quantity) filter (where kind = 'ship'), 0) as shipped,
                    coalesce(sum(quantity) filter (where kind = 'uncommit'), 0) as unsold,
                    coalesce(sum(quantity) filter (where kind = 'restock'), 0) as restocked,
                    coalesce(sum(quantity) filter (where kind = 'lose'), 0) as lost
               from movements group by sku
         )
         select s.sku from stock s left join ledger l on l.sku = s.sku
          where s.available + s.held + s.committed <> s.received - s.shipped
             or s.available < 0
             or (s.received, s.available, s.held, s.committed, s.shipped) is distinct from
                (coalesce(l.received - l.lost, 0),
                 coalesce(l.received - l.held + l.back + l.unsold + l.restocked, 0),
                 coalesce(l.held - l.back - l.committed, 0),
                 coalesce(l.committed - l.shipped - l.unsold, 0),
                 coalesce(l.shipped - l.restocked - l.lost, 0))",
    )
    .fetch_all(mall.db().pool())
    .await
    .expect("the books can be read");
    let wrong: Vec<String> = wrong.iter().map(|row| row.get("sku")).collect();
    assert!(wrong.is_empty(), "the books of {wrong:?} do not add up");
}
