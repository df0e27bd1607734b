//! The whole service against the real broker, and its streams over the network.

use std::time::Duration;

use analytics::{App, Config};
use chassis::auth::token::{AUDIENCE, ISSUER};
use chassis::auth::{Claims, Signer};
use contracts::user::KeyPublished;
use kernel::{Clock, EventId, SessionId, SystemClock, UserId, VendorId};
use reqwest::Response;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Bus, Live, live, sample, servers};

use crate::scene::{confirmed, delivered, lotus, peacock};

struct Stream {
    answer: Response,
    text: String,
}

impl Stream {
    async fn open(url: &str, token: &str, seen: Option<&str>) -> Self {
        let mut request = reqwest::Client::new().get(url).bearer_auth(token);
        if let Some(seen) = seen {
            request = request.header("last-event-id", seen);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        Self { answer, text: String::new() }
    }

    async fn more(&mut self) -> bool {
        let chunk = tokio::time::timeout(Duration::from_secs(20), self.answer.chunk());
        let chunk = chunk.await.expect("something comes").unwrap_or_default();
        self.text.push_str(&String::from_utf8_lossy(chunk.as_deref().unwrap_or_default()));
        chunk.is_some()
    }

    /// The next event: its id and its numbers. Nothing when the stream has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(name));
                let Some(data) = field("data:") else { continue };
                assert_eq!(field("event:").map(str::trim), Some("overview"));
                let id = field("id:").unwrap().trim().to_owned();
                return Some((id, serde_json::from_str(data).unwrap()));
            }
            if !self.more().await {
                return None;
            }
        }
    }

    /// The first event that shows `orders` orders, and its id.
    async fn until(&mut self, orders: i64) -> (String, Value) {
        loop {
            let (id, numbers) = self.next().await.expect("the stream goes on");
            if numbers["orders"] == json!(orders) {
                return (id, numbers);
            }
        }
    }
}

fn token(signer: &Signer, vendors: Vec<VendorId>, staff: bool) -> String {
    let now = SystemClock.now().as_second();
    let claims = Claims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: UserId::new(),
        sid: SessionId::new(),
        jti: EventId::new().to_string(),
        iat: now,
        nbf: now,
        exp: now + 600,
        roles: if staff { vec!["buyer".into(), "admin".into()] } else { vec!["buyer".into()] },
        perms: if staff { vec!["look".into()] } else { Vec::new() },
        vendors,
        mfa: staff.then_some(now),
    };
    signer.sign(&claims).unwrap()
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn streams_show_todays_numbers_and_each_change(pool: PgPool) {
    let (signer, _) = Signer::generate().unwrap();
    let bus = Bus::start(&servers::unique()).await;
    let (kid, x) = (signer.kid().to_owned(), signer.x().to_owned());
    bus.emit(&KeyPublished { kid, x, ..sample() }).await;
    let running = Live::start::<App>(live::common(&bus, Some(&pool)), Config::default()).await;
    let (staff, seller) = (token(&signer, vec![], true), token(&signer, vec![peacock()], false));
    let mall = format!("{}/v1/analytics/live", running.url);
    let shop = format!("{}/v1/vendors/{}/analytics/live", running.url, peacock());

    let mut at_mall = Stream::open(&mall, &staff, None).await;
    let mut at_shop = Stream::open(&shop, &seller, None).await;
    let (first, numbers) = at_mall.next().await.unwrap();
    assert_eq!((&numbers["orders"], &numbers["from"]), (&json!(0), &numbers["to"]));
    assert_eq!(at_shop.next().await.unwrap().1["orders"], json!(0));

    let mut sold = confirmed("1");
    sold.confirmed_at = SystemClock.now();
    bus.emit(&sold).await;
    let (second, numbers) = at_mall.until(1).await;
    assert_ne!(first, second);
    assert_eq!(numbers["gross"]["amount"], 294_700);
    let (id, numbers) = at_shop.until(1).await;
    assert_eq!((&numbers["gross"]["amount"], &numbers.get("by_seller")), (&json!(34_900), &None));

    // Who has seen these numbers is told the next ones only; another seller's delivery is none of this shop's.
    let mut again = Stream::open(&shop, &seller, Some(&id)).await;
    let now = SystemClock.now().to_string();
    let other = delivered("1", 0, &now);
    assert_eq!(other.seller_order.vendor_id, lotus());
    bus.emit(&other).await;
    bus.emit(&delivered("1", 1, &now)).await;
    let (_, numbers) = again.next().await.unwrap();
    assert_eq!((&numbers["orders"], &numbers["delivered"]), (&json!(1), &json!(1)));

    // The process ends, and so do the streams.
    running.stop().await;
    while again.next().await.is_some() {}
    while at_mall.next().await.is_some() {}
}
