//! An order of two sellers, from the cart to the door, and everything that is said about it.

use analytics::{App, Config};
use chassis::record::Record;
use contracts::cart::ItemAdded;
use contracts::order::{
    MovedLine, OrderCancelled, OrderConfirmed, OrderFact, OrderPlaced, OrderRejected,
    SellerOrderCredited, SellerOrderDelivered, SellerOrderRef,
};
use contracts::payment::{CodCollected, PaymentCaptured, RefundDone};
use contracts::product::ProductUpserted;
use contracts::rating::ReviewPublished;
use contracts::vendor::VendorChanged;
use kernel::{Id, Money, OrderId, PaymentId, ProductId, SellerOrderId, VendorId};
use sqlx::PgPool;
use testkit::{TestApp, sample};

/// The seller of the samples.
pub fn lotus() -> VendorId {
    sample::<VendorChanged>().vendor_id
}

/// Another one, never heard of but in orders.
pub fn peacock() -> VendorId {
    Id::derived("vendor", &["peacock"])
}

pub fn scarf() -> ProductId {
    Id::derived("product", &["scarf"])
}

/// Two lamps of Lotus Home for 2,598.00, and three scarves of Peacock for 300.00 and 49.00 to send them.
pub fn order(nth: &str) -> OrderFact {
    let mut order = sample::<OrderPlaced>().order;
    order.order_id = Id::derived("order", &[nth]);
    order.checkout_id = Id::derived("checkout", &[nth]);
    order.placed_at = "2026-11-20T18:29:59Z".parse().unwrap();
    let mut second = order.parts[0].clone();
    order.parts[0].seller_order_id = Id::derived("part", &[nth, "1"]);
    second.seller_order_id = Id::derived("part", &[nth, "2"]);
    second.vendor_id = peacock();
    second.vendor_name = "Peacock".into();
    second.lines[0].product_id = scarf();
    second.lines[0].title = "Silk scarf".into();
    second.lines[0].quantity = 3;
    second.lines[0].total = Money::inr(30_000);
    second.total = Money::inr(34_900);
    second.share.gross = Money::inr(34_900);
    second.share.commission = Money::inr(3_000);
    second.share.payable = Money::inr(31_000);
    order.parts.push(second);
    order.total = Money::inr(294_700);
    order
}

/// Confirmed on 21 November in India, though it is the 20th in Greenwich.
pub fn confirmed(nth: &str) -> OrderConfirmed {
    let confirmed_at = "2026-11-20T18:30:00Z".parse().unwrap();
    OrderConfirmed { order: order(nth), confirmed_at, ..sample() }
}

pub fn delivered(nth: &str, part: usize, at: &str) -> SellerOrderDelivered {
    let order = order(nth);
    let part = &order.parts[part];
    let moved = |line: &contracts::order::OrderLine| MovedLine {
        sku: line.sku.clone(),
        product_id: line.product_id,
        quantity: line.quantity,
    };
    SellerOrderDelivered {
        seller_order: SellerOrderRef {
            checkout_id: order.checkout_id,
            order_id: order.order_id,
            seller_order_id: part.seller_order_id,
            vendor_id: part.vendor_id,
            at: at.parse().unwrap(),
            ..sample::<SellerOrderDelivered>().seller_order
        },
        parcel_id: None,
        lines: part.lines.iter().map(moved).collect(),
    }
}

/// One of the two lamps is taken back.
pub fn credited(nth: &str, at: &str) -> SellerOrderCredited {
    let order = order(nth);
    let mut event = sample::<SellerOrderCredited>();
    event.credit_id = Id::derived("credit", &[nth]);
    event.seller_order = SellerOrderRef {
        checkout_id: order.checkout_id,
        order_id: order.order_id,
        seller_order_id: order.parts[0].seller_order_id,
        vendor_id: order.parts[0].vendor_id,
        at: at.parse().unwrap(),
        ..event.seller_order
    };
    event
}

pub struct Scene {
    pub app: TestApp<App>,
    pub pool: PgPool,
}

impl Scene {
    pub async fn set(pool: PgPool) -> Self {
        let app = TestApp::<App>::start(pool.clone(), Config::default()).await;
        Self { app, pool }
    }

    /// Everything that is said about four orders, by topic, in the order it is said.
    pub fn story(&self) -> Vec<Vec<Record>> {
        let app = &self.app;
        let mut orders = Vec::new();
        for nth in ["1", "2"] {
            orders.push(app.record(&OrderPlaced { order: order(nth) }));
            orders.push(app.record(&confirmed(nth)));
            orders.push(app.record(&delivered(nth, 1, "2026-11-23T10:00:00Z")));
        }
        orders.push(app.record(&delivered("1", 0, "2026-11-22T10:00:00Z")));
        orders.push(app.record(&credited("1", "2026-11-24T10:00:00Z")));
        let order_id = OrderId::new();
        orders.push(app.record(&OrderCancelled { order_id, ..sample() }));
        orders.push(app.record(&OrderRejected { order_id: OrderId::new(), ..sample() }));
        let mut paid = sample::<PaymentCaptured>();
        paid.payment.amount = Money::inr(294_700);
        let mut cash = sample::<CodCollected>();
        cash.payment.payment_id = PaymentId::new();
        cash.seller_order_id = SellerOrderId::new();
        cash.collected = Money::inr(34_900);
        let added = sample::<ItemAdded>();
        let again = ItemAdded { cart_version: 2, ..added.clone() };
        let other = ItemAdded { cart: "guest-7".into(), ..added.clone() };
        vec![
            orders,
            vec![app.record(&paid), app.record(&cash), app.record(&sample::<RefundDone>())],
            vec![app.record(&added), app.record(&again), app.record(&other)],
            vec![app.record(&sample::<ReviewPublished>())],
            vec![app.record(&sample::<VendorChanged>())],
            vec![app.record(&sample::<ProductUpserted>())],
        ]
    }

    pub async fn deliver_all(&self, records: impl IntoIterator<Item = Record>) {
        for record in records {
            self.app.deliver_record(record).await;
        }
        let letters = chassis::dead_letters::list(self.app.db()).await.unwrap();
        assert!(letters.is_empty(), "{letters:?}");
    }
}
