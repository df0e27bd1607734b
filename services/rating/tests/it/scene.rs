//! A delivered purchase.

use contracts::admin::{Decision, ReviewModerated};
use contracts::order::SellerOrderDelivered;
use kernel::{OrderId, ReviewId, UserId};
use rating::{App, Config};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{TestApp, sample};

pub struct Scene {
    pub app: TestApp<App>,
    pub delivered: SellerOrderDelivered,
}

pub fn buyer() -> UserId {
    sample::<SellerOrderDelivered>().seller_order.buyer
}

impl Scene {
    pub async fn set(pool: PgPool) -> Self {
        let app = TestApp::<App>::start(pool, Config::default()).await;
        let delivered = sample::<SellerOrderDelivered>();
        app.deliver(delivered.clone()).await;
        Self { app, delivered }
    }

    /// The same things of the same seller, in another order.
    pub async fn deliver_again(&self) -> SellerOrderDelivered {
        let mut delivered = self.delivered.clone();
        delivered.seller_order.order_id = OrderId::new();
        self.app.deliver(delivered.clone()).await;
        delivered
    }

    pub fn product(&self) -> String {
        self.delivered.lines[0].product_id.to_string()
    }

    pub fn review(&self, stars: u8) -> Value {
        json!({ "target": { "product_id": self.product() }, "order_id": self.delivered.seller_order.order_id,
                "stars": stars, "title": "Burns evenly", "text": "Heavy and well made." })
    }

    pub async fn submit(&self, stars: u8) -> ReviewId {
        let answer =
            self.app.as_user(buyer()).post("/v1/reviews", self.review(stars)).await.expect(201);
        answer["review_id"].as_str().unwrap().parse().unwrap()
    }

    pub async fn decide(&self, review_id: ReviewId, decision: Decision) {
        self.app.deliver(ReviewModerated { review_id, decision, ..sample() }).await;
    }

    pub async fn page(&self) -> Value {
        self.app
            .anonymous()
            .get(&format!("/v1/products/{}/reviews", self.product()))
            .await
            .expect(200)
    }
}
