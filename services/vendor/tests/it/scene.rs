//! Somebody who applies to sell, and what they hand in.

use std::sync::Arc;

use chassis::s3::{Bucket, Put};
use contracts::admin::{Decision, VendorDecided};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, UserId, VendorId};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use testkit::{Client, TestApp, sample};
use vendor::{App, BUCKET, Config};

pub const GSTIN: &str = "27AAPFU0939F1ZV";
pub const PDF: &[u8] = b"%PDF-1.7\n% a document\n%%EOF\n";

pub fn config() -> Config {
    Config {
        pii_seal_key: "0123456789abcdef0123456789abcdef".into(),
        commission_bp: 1000,
        // Nobody listens there.
        razorpay_url: "http://127.0.0.1:9".into(),
        razorpay_key_id: "rzp_test_sandbox01".into(),
        razorpay_key_secret: "EnLs21M47BllR3X8PSFtjtbd".into(),
    }
}

/// An application with a registration.
pub fn application() -> Value {
    json!({
        "legal_name": "Lotus Home Retail Private Limited",
        "display_name": "Lotus Home",
        "gstin": GSTIN,
        "pan": "AAPFU0939F",
        "address": { "line1": "4 Linking Road", "city": "Mumbai", "state": "27", "pincode": "400050" },
        "bank_account": { "account_number": "012345678901", "ifsc": "HDFC0000053", "holder": "Lotus Home" },
    })
}

/// An application without a registration.
pub fn unregistered() -> Value {
    let mut body = application();
    body.as_object_mut().unwrap().remove("gstin");
    body
}

pub fn announcement(kind: &str, file: &[u8]) -> Value {
    json!({ "kind": kind, "content_type": "application/pdf", "size": file.len(),
            "sha256": hex::encode(Sha256::digest(file)) })
}

pub struct Scene {
    pub app: Arc<TestApp<App>>,
    pub owner: UserId,
    pub vendor_id: VendorId,
}

impl Scene {
    /// A draft of this application.
    pub async fn applied(pool: PgPool, application: Value) -> Self {
        let app = Arc::new(TestApp::<App>::start(pool, config()).await);
        Bucket::new(&app.common, BUCKET).unwrap().ensure().await.unwrap();
        let owner = UserId::new();
        let made = app.as_user(owner).post("/v1/vendors", application).await.expect(201);
        let vendor_id = made["vendor_id"].as_str().unwrap().parse().unwrap();
        Self { app, owner, vendor_id }
    }

    /// One that has handed its documents in, and all that was said about it is taken.
    pub async fn submitted(pool: PgPool) -> Self {
        let scene = Self::applied(pool, unregistered()).await;
        scene.hand_in("pan", PDF).await;
        scene.hand_in("bank_proof", PDF).await;
        scene.submit().await.expect(200);
        scene.forget_said().await;
        scene
    }

    /// One that may sell.
    pub async fn approved(pool: PgPool) -> Self {
        let scene = Self::submitted(pool).await;
        scene.decide(Decision::Approve).await;
        scene.forget_said().await;
        scene
    }

    pub fn owner(&self) -> Client {
        self.app.as_user(self.owner)
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/v1/vendors/{}{rest}", self.vendor_id)
    }

    pub async fn profile(&self) -> Value {
        self.owner().get(&self.path("/profile")).await.expect(200)
    }

    pub async fn documents(&self) -> Vec<Value> {
        let page = self.owner().get(&self.path("/kyc-documents")).await.expect(200);
        page["items"].as_array().unwrap().clone()
    }

    /// Announces and returns how to upload.
    pub async fn announce(&self, body: Value) -> Value {
        self.owner().post(&self.path("/kyc-documents"), body).await.expect(201)
    }

    /// Announces and uploads.
    pub async fn hand_in(&self, kind: &str, file: &[u8]) {
        let announced = self.announce(announcement(kind, file)).await;
        assert_eq!(upload(&announced, file).await, 200);
    }

    /// Puts a file where an upload lands, past its link.
    pub async fn slip_in(&self, announced: &Value, file: &[u8]) {
        let document = announced["document_id"].as_str().unwrap();
        let key = format!("incoming/{}/{document}", self.vendor_id);
        let put = self.bucket().put_once(&key, file.to_vec(), "application/pdf").await;
        assert_eq!(put.unwrap(), Put::Written);
    }

    pub fn bucket(&self) -> Bucket {
        Bucket::new(&self.app.common, BUCKET).unwrap()
    }

    pub async fn submit(&self) -> testkit::Answer {
        self.owner().post(&self.path("/submit"), json!({})).await
    }

    pub fn decision(&self, decision: Decision, decided_at: Timestamp) -> VendorDecided {
        let reason = "staff's words".into();
        VendorDecided { vendor_id: self.vendor_id, decision, reason, decided_at, ..sample() }
    }

    /// Staff decide, a second after whatever was before.
    pub async fn decide(&self, decision: Decision) {
        self.app.clock.advance(SignedDuration::from_secs(1));
        self.app.deliver(self.decision(decision, self.app.clock.now())).await;
    }

    pub async fn forget_said(&self) {
        sqlx::query("delete from chassis.outbox").execute(self.app.db().pool()).await.unwrap();
    }
}

/// Uploads as the answer says.
pub async fn upload(announced: &Value, file: &[u8]) -> StatusCode {
    let media = announced["upload"]["headers"]["content-type"].as_str().unwrap();
    put(announced["upload"]["url"].as_str().unwrap(), media, file).await
}

pub async fn put(url: &str, media: &str, file: &[u8]) -> StatusCode {
    let request = reqwest::Client::new().put(url).header("content-type", media);
    request.body(file.to_vec()).send().await.unwrap().status()
}

/// Where the errors of a problem point to.
pub fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}
