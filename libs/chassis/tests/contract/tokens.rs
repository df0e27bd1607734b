//! Whom the door believes, and what they may do.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::callers::may;
use chassis::auth::{Claims, Signer};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kernel::{UserId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::stage::Stage;

/// A stage whose keyring also trusts a key that the test holds.
struct Forge {
    stage: Stage,
    signer: Signer,
    key: EncodingKey,
}

impl Forge {
    async fn set(pool: &PgPool) -> Self {
        let stage = Stage::set(pool).await;
        let (signer, der) = Signer::generate().unwrap();
        stage.app.app.keyring.trust(signer.kid(), signer.x(), None);
        Self { stage, signer, key: EncodingKey::from_ed_der(&der) }
    }

    fn claims(&self) -> Claims {
        self.stage.app.claims(UserId::new())
    }

    fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".into());
        header.kid = Some(self.signer.kid().to_owned());
        header
    }

    async fn show(&self, authorization: &str) -> Answer {
        self.stage.app.anonymous().with("authorization", authorization).get("/v1/me").await
    }

    async fn refuses(&self, token: &str, why: &str) {
        let answer = self.show(&format!("Bearer {token}")).await;
        assert_eq!(answer.status.as_u16(), 401, "{why}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"), "{why}");
        assert!(!answer.text().contains("signature"), "it does not say why: {}", answer.text());
        answer.problem(401, "unauthenticated");
    }

    fn signed(&self, header: &Header, claims: &impl serde::Serialize) -> String {
        jsonwebtoken::encode(header, claims, &self.key).unwrap()
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_good_token_is_believed_and_a_missing_one_is_not(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let (header, claims) = (forge.header(), forge.claims());
    let token = forge.signed(&header, &claims);
    let me = forge.show(&format!("Bearer {token}")).await.expect(200);
    assert_eq!(me["name"], claims.sub.to_string());
    forge.show(&format!("bearer {token}")).await.expect(200);
    for odd in ["", "Bearer", "Bearer ", "Basic dTpw", token.as_str(), "Bearer a.b.c"] {
        forge.show(odd).await.problem(401, "unauthenticated");
    }
    let nobody = forge.stage.app.anonymous();
    nobody.get("/v1/me").await.problem(401, "unauthenticated");
    assert_eq!(nobody.get("/v1/maybe").await.expect(200), json!(false));
    let maybe = nobody.with("authorization", "Bearer x").get("/v1/maybe").await;
    maybe.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn forged_headers_are_refused(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let claims = forge.claims();
    let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).unwrap());
    let kid = forge.signer.kid();
    for alg in ["none", "None", "NONE"] {
        let head =
            URL_SAFE_NO_PAD.encode(json!({"alg": alg, "typ": "at+jwt", "kid": kid}).to_string());
        forge.refuses(&format!("{head}.{body}."), alg).await;
    }
    let mut hs = forge.header();
    hs.alg = Algorithm::HS256;
    for secret in [forge.signer.x().as_bytes(), b""] {
        let token = jsonwebtoken::encode(&hs, &claims, &EncodingKey::from_secret(secret)).unwrap();
        forge.refuses(&token, "HS256 with the public key").await;
    }
    for typ in [None, Some("JWT".to_owned()), Some("id+jwt".into())] {
        let header = Header { typ, ..forge.header() };
        forge.refuses(&forge.signed(&header, &claims), "another kind of token").await;
    }
    for kid in [None, Some("nobody".to_owned()), Some("../../etc/passwd".into())] {
        let header = Header { kid, ..forge.header() };
        forge.refuses(&forge.signed(&header, &claims), "a key nobody published").await;
    }
    let (stranger, _) = Signer::generate().unwrap();
    forge.refuses(&stranger.sign(&claims).unwrap(), "a stranger's key").await;
    let token = forge.signed(&forge.header(), &claims);
    let (rest, _) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.encode([7_u8; 64]);
    forge.refuses(&format!("{rest}.{signature}"), "another signature").await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn claims_that_are_wrong_late_or_early_are_refused(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let now = testkit::app::start_of_time().as_second();
    let with = |name: &str, value: Value| {
        let mut claims = serde_json::to_value(forge.claims()).unwrap();
        claims[name] = value;
        forge.signed(&forge.header(), &claims)
    };
    for (name, value) in [
        ("exp", json!(now - 61)),
        ("exp", json!(now.to_string())),
        ("exp", json!(null)),
        ("nbf", json!(now + 61)),
        ("iat", json!(now + 3_600)),
        ("iss", json!("mallet")),
        ("aud", json!("another-api")),
        ("aud", json!([])),
        ("sub", json!("somebody")),
    ] {
        forge.refuses(&with(name, value.clone()), &format!("{name} = {value}")).await;
    }
    for (name, value) in [("exp", now - 59), ("nbf", now + 59)] {
        forge.show(&format!("Bearer {}", with(name, json!(value)))).await.expect(200);
    }
    for name in ["exp", "nbf", "iss", "aud", "sub", "sid"] {
        let mut claims = serde_json::to_value(forge.claims()).unwrap();
        claims.as_object_mut().unwrap().remove(name);
        forge.refuses(&forge.signed(&forge.header(), &claims), &format!("no {name}")).await;
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_ended_session_and_a_retired_key_are_refused(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let claims = forge.claims();
    let token = forge.signed(&forge.header(), &claims);
    let keyring = &forge.stage.app.app.keyring;
    forge.show(&format!("Bearer {token}")).await.expect(200);

    keyring.revoke(claims.sid, jiff::Timestamp::MAX);
    forge.refuses(&token, "the session ended").await;

    let other = forge.signed(&forge.header(), &forge.claims());
    let before = testkit::app::start_of_time() - jiff::SignedDuration::from_secs(1);
    keyring.trust(forge.signer.kid(), forge.signer.x(), Some(before));
    forge.refuses(&other, "the key is retired").await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_members_seller_is_found_and_anothers_does_not_exist(pool: PgPool) {
    let app = Stage::set(&pool).await.app;
    let (own, other) = (VendorId::new(), VendorId::new());
    let member = app.as_vendor(own);
    member.get(&format!("/v1/vendors/{own}/probe")).await.expect(200);
    let foreign = member.get(&format!("/v1/vendors/{other}/probe")).await;
    foreign.problem(404, "not-found");
    member.get("/v1/vendors/me/probe").await.problem(404, "not-found");
    let buyer = app.as_buyer().get(&format!("/v1/vendors/{own}/probe")).await;
    buyer.problem(403, "forbidden");
    let nobody = app.anonymous().get(&format!("/v1/vendors/{own}/probe")).await;
    nobody.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn staff_may_do_what_they_were_allowed(pool: PgPool) {
    use chassis::auth::Permission;
    let app = Stage::set(&pool).await.app;
    app.as_staff(&[may::DecideVendors::NAME]).get("/v1/staff").await.expect(204);
    app.as_staff(may::ALL).get("/v1/staff").await.expect(204);
    app.as_staff(&[may::Look::NAME]).get("/v1/staff").await.problem(403, "forbidden");
    app.as_staff(&[]).get("/v1/staff").await.problem(403, "forbidden");
    app.as_buyer().get("/v1/staff").await.problem(403, "forbidden");
    app.as_vendor(VendorId::new()).get("/v1/staff").await.problem(403, "forbidden");
    let mut pretender = app.claims(UserId::new());
    pretender.perms = vec![may::DecideVendors::NAME.into()];
    app.as_claims(&pretender).get("/v1/staff").await.problem(403, "forbidden");
    app.anonymous().get("/v1/staff").await.problem(401, "unauthenticated");
}
