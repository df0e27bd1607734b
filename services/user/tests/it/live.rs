//! The whole service, against the real broker: what it hears from Kafka and says on Kafka.

use contracts::topics;
use contracts::user::{AccountUpdated, ContactUpdated, KeyPublished, SendOtp, SessionRevoked};
use contracts::vendor::VendorChanged;
use kernel::{UserId, VendorId};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Bus, Live, eventually, live, sample, servers};
use user::App;

use crate::stage::{config, open};

/// A client over the network.
struct Caller<'a> {
    url: &'a str,
    token: Option<String>,
}

impl Caller<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = Client::new().request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, Some(body)).await
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_buyer_signs_in_becomes_a_seller_and_leaves(pool: PgPool) {
    let bus = Bus::start(&servers::unique()).await;
    let service = Live::start::<App>(live::common(&bus, Some(&pool)), config()).await;
    let mut caller = Caller { url: &service.url, token: None };

    let (status, asked) = caller.post("/v1/auth/otp", json!({ "address": "a@x.io" })).await;
    assert_eq!(status, 202, "{asked}");
    let letter = eventually("the code is on its way", async || bus.events::<SendOtp>().pop()).await;
    let code = open(&letter).code;
    let body = json!({ "challenge_id": asked["challenge_id"], "code": code });
    let (status, signed_in) = caller.post("/v1/auth/otp/verify", body).await;
    assert_eq!(status, 200, "{signed_in}");

    let user: UserId = signed_in["user"]["user_id"].as_str().unwrap().parse().unwrap();
    let account = eventually("the account is known", async || bus.events::<AccountUpdated>().pop());
    assert_eq!(account.await.user_id, user);
    let contact = eventually("the contact is known", async || bus.events::<ContactUpdated>().pop());
    assert_eq!(contact.await.email.as_str(), "a@x.io");
    assert_eq!(bus.events::<KeyPublished>().len(), 1);
    let on_the_broker = bus.read(&topics::EMAIL_OTP_CMD);
    let text = String::from_utf8_lossy(on_the_broker[0].payload.as_deref().unwrap()).into_owned();
    assert!(!text.contains("a@x.io") && !text.contains(&code), "{text}");

    let vendor_id = VendorId::new();
    bus.emit(&VendorChanged { vendor_id, members: vec![user], ..sample() }).await;
    let latest = std::sync::Mutex::new(signed_in["refresh_token"].clone());
    let fresh = eventually("the next token names the seller", async || {
        let token = latest.lock().unwrap().clone();
        let (status, fresh) =
            caller.post("/v1/auth/refresh", json!({ "refresh_token": token })).await;
        assert_eq!(status, 200, "{fresh}");
        *latest.lock().unwrap() = fresh["refresh_token"].clone();
        (fresh["user"]["vendors"] == json!([vendor_id])).then_some(fresh)
    })
    .await;

    caller.token = Some(fresh["access_token"].as_str().unwrap().to_owned());
    let (status, me) = caller.send(Method::GET, "/v1/me", None).await;
    assert_eq!((status, &me["user_id"]), (StatusCode::OK, &json!(user)));
    let (status, _) = caller.send(Method::DELETE, "/v1/me", None).await;
    assert_eq!(status, 204);
    let (status, _) = caller.send(Method::GET, "/v1/me", None).await;
    assert_eq!(status, 401);
    eventually("the contact is gone", async || {
        let last = bus.read(&topics::USER_CONTACT_STATE).pop()?;
        (last.key == user.to_string() && last.payload.is_none()).then_some(())
    })
    .await;
    eventually("the session is over for all", async || {
        bus.events::<SessionRevoked>().into_iter().find(|revoked| revoked.user_id == user)
    })
    .await;
    service.stop().await;
}
