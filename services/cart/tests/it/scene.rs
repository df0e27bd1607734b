//! A mall with one seller and two articles, and a buyer with an address.

use std::ops::Range;

use cart::{App, Config};
use chassis::Service;
use contracts::Event;
use contracts::cart::CheckoutRequested;
use contracts::product::{ProductStatus, ProductUpserted, StockLevel, StockLevelChanged, Variant};
use contracts::user::AccountUpdated;
use contracts::vendor::{VendorChanged, VendorStatus};
use futures::future::join_all;
use kernel::{AddressId, Money, ProductId, Sku, UserId};
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, TestApp, sample, servers};
use tokio_util::sync::CancellationToken;

pub fn config() -> Config {
    Config {
        redis_url: servers::redis_url().into(),
        redis_prefix: format!("{}:", servers::unique()),
        keep_days: 1,
        checkouts_per_window: 1000,
        upi_max_paise: 10_000_000,
        cod_max_paise: 5_000_000,
        unpaid_orders: 1000,
        cash_orders: 1000,
        cash_turned_away: 1000,
    }
}

pub struct Scene {
    pub app: TestApp<App>,
    pub config: Config,
    pub buyer: UserId,
    pub address: AddressId,
}

pub fn lamp(price: i64) -> ProductUpserted {
    ProductUpserted {
        variants: vec![Variant {
            price: Money::inr(price),
            ..sample::<ProductUpserted>().variants.remove(0)
        }],
        ..sample()
    }
}

/// A second article of the same seller.
pub fn bowl() -> ProductUpserted {
    let sku = Sku::parse("BOWL-1").unwrap();
    let variants = vec![Variant { sku, price: Money::inr(50_000), ..lamp(1).variants.remove(0) }];
    ProductUpserted { product_id: ProductId::new(), title: "Bowl".into(), variants, ..lamp(1) }
}

impl Scene {
    pub async fn set(pool: PgPool) -> Self {
        let config = config();
        Self::over(TestApp::start(pool, config.clone()).await, config).await
    }

    /// The same in a service that was started already.
    pub async fn over(app: TestApp<App>, config: Config) -> Self {
        app.deliver(sample::<VendorChanged>()).await;
        for product in [lamp(129_900), bowl()] {
            let (sku, product_id) = (product.variants[0].sku.clone(), product.product_id);
            app.deliver(product).await;
            app.deliver(StockLevelChanged { sku, product_id, ..sample() }).await;
        }
        let (buyer, address) = (UserId::new(), AddressId::new());
        let account = AccountUpdated { user_id: buyer, address_ids: vec![address], ..sample() };
        app.deliver(account).await;
        Self { app, config, buyer, address }
    }

    pub async fn two_lamps(&self) {
        let line = json!({ "quantity": 2 });
        self.buyer().put("/v1/cart/lines/LAMP-BRASS-18", line).await.expect(200);
    }

    pub fn wish(&self, total: i64) -> Value {
        json!({ "address_id": self.address, "payment_method": "upi",
                "expected_total": { "amount": total, "currency": "INR" } })
    }

    pub fn buyer(&self) -> Client {
        self.app.as_user(self.buyer)
    }

    /// Asks for an order under `key`, over what the buyer saw.
    pub async fn check_out(&self, key: &str, total: i64) -> Answer {
        self.buyer().key(key).post("/v1/cart/checkout", self.wish(total)).await
    }

    /// Puts something small on the shelf, `PIN-1`.
    pub async fn pins(&self, price: i64) {
        let (sku, product_id) = (Sku::parse("PIN-1").unwrap(), ProductId::new());
        let mut product = ProductUpserted { product_id, ..lamp(price) };
        product.variants[0].sku = sku.clone();
        self.app.deliver(product).await;
        self.app.deliver(StockLevelChanged { sku, product_id, ..sample() }).await;
    }

    /// Puts `count` different articles of the lamp's seller on the shelf: `P-0`, `P-1`, ..
    pub async fn articles(&self, count: usize) {
        for n in 0..count {
            let (sku, product_id) = (Sku::parse(&format!("P-{n}")).unwrap(), ProductId::new());
            let mut product = ProductUpserted { product_id, ..lamp(1_000) };
            product.variants[0].sku = sku.clone();
            self.app.deliver(product).await;
            self.app.deliver(StockLevelChanged { sku, product_id, ..sample() }).await;
        }
    }

    /// Puts one of `P-{n}` into the cart of `client` for every `n`.
    pub async fn put(&self, client: &Client, articles: Range<usize>) -> Vec<Answer> {
        let one = json!({ "quantity": 1 });
        let puts = articles.map(|n| {
            let (client, one) = (client.clone(), one.clone());
            async move { client.put(&format!("/v1/cart/lines/P-{n}"), one).await }
        });
        join_all(puts).await
    }

    pub async fn cart(&self) -> Value {
        self.buyer().get("/v1/cart").await.expect(200)
    }

    /// What waits to be said: names, keys and bodies, in order.
    pub async fn emitted(&self) -> Vec<(String, String, Value)> {
        let now = CancellationToken::new();
        now.cancel();
        self.app.app.background(now).await.unwrap();
        sqlx::query_as::<_, (String, String, Vec<u8>)>(
            "select type, aggregateid, payload from chassis.outbox order by seq",
        )
        .fetch_all(self.app.db().pool())
        .await
        .unwrap()
        .into_iter()
        .map(|(name, key, body)| (name, key, serde_json::from_slice(&body).unwrap()))
        .collect()
    }

    /// The checkouts that wait to be said: keys and bodies, in order.
    pub async fn checkouts(&self) -> Vec<(String, Value)> {
        let emitted = self.emitted().await.into_iter();
        emitted
            .filter(|(name, ..)| name == CheckoutRequested::NAME)
            .map(|(_, key, body)| (key, body))
            .collect()
    }

    /// The buyer's cart as Redis keeps it.
    pub async fn kept(&self) -> Vec<(String, String)> {
        self.redis().await.hgetall(self.cart_key()).await.unwrap()
    }

    /// Redis dies and comes back with what it had then.
    pub async fn redis_goes_back_to(&self, kept: &[(String, String)]) {
        let mut redis = self.redis().await;
        redis.del::<_, ()>(self.cart_key()).await.unwrap();
        redis.hset_multiple::<_, _, _, ()>(self.cart_key(), kept).await.unwrap();
    }

    pub async fn redis(&self) -> MultiplexedConnection {
        let client = redis::Client::open(servers::redis_url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    pub fn cart_key(&self) -> String {
        format!("{}cart:of:{}", self.config.redis_prefix, self.buyer)
    }

    pub async fn out_of_stock(&self) {
        let level = StockLevelChanged { level: StockLevel::Out, ..sample() };
        self.app.deliver(level).await;
    }

    pub async fn suspended(&self) {
        let status = VendorStatus::Suspended;
        self.app.deliver(VendorChanged { status, ..sample() }).await;
    }

    pub async fn unlisted(&self) {
        self.app
            .deliver(ProductUpserted { status: ProductStatus::Unlisted, ..lamp(129_900) })
            .await;
    }
}
