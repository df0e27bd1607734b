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

    /// Signs texts that need not be what they should be.
    fn signed_raw(&self, header: &str, claims: &str) -> String {
        let [head, body] = [header, claims].map(|text| URL_SAFE_NO_PAD.encode(text));
        let message = format!("{head}.{body}");
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::EdDSA);
        format!("{message}.{}", signature.unwrap())
    }

    /// The header of a good token, with one member more or another.
    fn header_with(&self, name: &str, value: Value) -> String {
        let mut header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.signer.kid()});
        header[name] = value;
        header.to_string()
    }

    /// The claims of a good token, with `name` as this text.
    fn claims_with(&self, name: &str, text: &str) -> String {
        let mut claims = serde_json::to_value(self.claims()).unwrap();
        claims[name] = json!("<>");
        claims.to_string().replace("\"<>\"", text)
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
    nobody.with("authorization", "Bearer x").get("/v1/maybe").await.problem(401, "unauthenticated");
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
    let (stranger, _) = Signer::generate().unwrap();
    forge.refuses(&stranger.sign(&claims).unwrap(), "a stranger's key").await;
    let token = forge.signed(&forge.header(), &claims);
    let (rest, _) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.encode([7_u8; 64]);
    forge.refuses(&format!("{rest}.{signature}"), "another signature").await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_token_does_not_say_which_key_is_to_be_believed(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let claims = serde_json::to_string(&forge.claims()).unwrap();
    let plain = forge.signed_raw(&forge.header_with("cty", json!("x")), &claims);
    forge.show(&format!("Bearer {plain}")).await.expect(200);

    let lure = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", lure.local_addr().unwrap());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": forge.signer.x()});
    for (name, value) in [
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("jwk", jwk),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!("' or 1=1 --")),
        ("kid", json!(url)),
        ("kid", json!("nobody")),
        ("kid", json!("")),
        ("kid", json!(7)),
        ("kid", json!(null)),
        ("kid", json!("k".repeat(4_000))),
    ] {
        let token = forge.signed_raw(&forge.header_with(name, value.clone()), &claims);
        forge.refuses(&token, &format!("{name}: {value}")).await;
    }
    let asked = futures::FutureExt::now_or_never(lure.accept());
    assert!(asked.is_none(), "somebody asked for keys");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_token_of_another_kind_issuer_or_audience_is_refused(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let claims = serde_json::to_string(&forge.claims()).unwrap();
    for typ in [json!("JWT"), json!("id+jwt"), json!("rt+jwt"), json!("AT+JWT"), json!(null)] {
        let token = forge.signed_raw(&forge.header_with("typ", typ.clone()), &claims);
        forge.refuses(&token, &format!("typ {typ}")).await;
    }
    let untyped = json!({"alg": "EdDSA", "kid": forge.signer.kid()}).to_string();
    forge.refuses(&forge.signed_raw(&untyped, &claims), "no typ").await;
    let header = forge.header_with("typ", json!("at+jwt"));
    for (name, value) in [
        ("iss", "\"mallet\""),
        ("iss", "\"mall-staging\""),
        ("iss", "[\"mallet\"]"),
        ("aud", "\"another-api\""),
        ("aud", "[]"),
        ("aud", "[\"another-api\"]"),
        ("sub", "\"somebody\""),
    ] {
        let token = forge.signed_raw(&header, &forge.claims_with(name, value));
        forge.refuses(&token, &format!("{name}: {value}")).await;
    }
    for name in ["iss", "aud", "sub", "sid", "exp", "nbf", "iat", "jti", "roles"] {
        let mut claims = serde_json::to_value(forge.claims()).unwrap();
        claims.as_object_mut().unwrap().remove(name);
        forge.refuses(&forge.signed(&forge.header(), &claims), &format!("no {name}")).await;
    }
    let opaque = URL_SAFE_NO_PAD.encode([7_u8; 32]);
    forge.refuses(&opaque, "a refresh token").await;
    let (other_mall, _) = Signer::generate().unwrap();
    forge.refuses(&other_mall.sign(&forge.claims()).unwrap(), "another mall's").await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_token_is_believed_in_its_time_and_a_minute_around(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let now = testkit::app::start_of_time().as_second();
    let header = forge.header_with("typ", json!("at+jwt"));
    let with = |name: &str, second: i64| {
        forge.signed_raw(&header, &forge.claims_with(name, &second.to_string()))
    };
    for (name, second) in [
        ("exp", now - 61),
        ("exp", now - 60),
        ("exp", 0),
        ("exp", -1),
        ("exp", i64::MIN),
        ("nbf", now + 61),
        ("nbf", i64::MAX),
        ("iat", now + 61),
        ("iat", now + 86_400),
    ] {
        forge.refuses(&with(name, second), &format!("{name} {}", second.saturating_sub(now))).await;
    }
    for (name, second) in [("exp", now - 59), ("nbf", now + 60), ("iat", now + 60)] {
        forge.show(&format!("Bearer {}", with(name, second))).await.expect(200);
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn claims_of_a_wrong_type_are_no_claims(pool: PgPool) {
    let forge = Forge::set(&pool).await;
    let header = forge.header_with("typ", json!("at+jwt"));
    let far = forge.claims().exp.to_string();
    for (name, text) in [
        ("exp", "\"never\""),
        ("exp", "1e400"),
        ("exp", "-1e400"),
        ("exp", "99999999999999999999"),
        ("exp", "null"),
        ("exp", "true"),
        ("exp", "[]"),
        ("exp", "{}"),
        ("exp", &format!("\"{far}\"")),
        ("exp", &format!("{far}.5")),
        ("nbf", "\"99999999999\""),
        ("nbf", "\"0\""),
        ("nbf", "null"),
        ("iat", "\"0\""),
        ("iss", "{}"),
        ("iss", "null"),
        ("aud", "{}"),
        ("aud", "null"),
        ("aud", "7"),
        ("sub", "7"),
        ("sid", "\"\""),
        ("roles", "\"admin\""),
        ("perms", "null"),
        ("vendors", "\"*\""),
    ] {
        let token = forge.signed_raw(&header, &forge.claims_with(name, text));
        forge.refuses(&token, &format!("{name}: {text}")).await;
    }
    for claims in ["", "null", "[]", "{", "{}", "\"claims\"", "{\"exp\":9999999999}"] {
        forge.refuses(&forge.signed_raw(&header, claims), claims).await;
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_a_request_says_about_its_sender_is_nothing(pool: PgPool) {
    let app = Stage::set(&pool).await.app;
    let pretend = |mut client: testkit::Client| {
        for (name, value) in [
            ("x-user-id", "01934e5f-0000-7000-8000-000000000001"),
            ("x-role", "admin"),
            ("x-roles", "admin"),
            ("x-permissions", "vendors.decide"),
            ("x-forwarded-user", "staff@mall.test"),
            ("x-forwarded-for", "127.0.0.1"),
            ("forwarded", "for=127.0.0.1"),
            ("cookie", "session=1"),
        ] {
            client = client.with(name, value);
        }
        client
    };
    for path in ["/v1/me", "/v1/staff"] {
        pretend(app.anonymous()).get(path).await.problem(401, "unauthenticated");
    }
    pretend(app.as_buyer()).get("/v1/staff").await.problem(403, "forbidden");
    let user = UserId::new();
    let me = pretend(app.as_user(user)).get("/v1/me").await.expect(200);
    assert_eq!(me["name"], user.to_string());
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
    member.get(&format!("/v1/vendors/{other}/probe")).await.problem(404, "not-found");
    member.get("/v1/vendors/me/probe").await.problem(404, "not-found");
    app.as_buyer().get(&format!("/v1/vendors/{own}/probe")).await.problem(403, "forbidden");
    app.anonymous().get(&format!("/v1/vendors/{own}/probe")).await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn staff_show_a_second_factor_before_anything_is_theirs(pool: PgPool) {
    let app = Stage::set(&pool).await.app;
    let mut claims = app.claims(UserId::new());
    claims.roles.push("admin".into());
    claims.perms = may::ALL.iter().map(|may| (*may).to_owned()).collect();
    app.as_claims(&claims).get("/v1/staff").await.expect(204);

    claims.mfa = None;
    let refused = app.as_claims(&claims).get("/v1/staff").await.problem(403, "mfa-required");
    assert!(refused["detail"].as_str().unwrap().contains("POST /v1/me/totp"), "{refused}");
    // What is everybody's stays theirs: they have to register one.
    app.as_claims(&claims).get("/v1/me").await.expect(200);
    // Who may not do it at all is told that, factor or not.
    claims.perms.clear();
    app.as_claims(&claims).get("/v1/staff").await.problem(403, "forbidden");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn staff_may_do_what_they_were_allowed(pool: PgPool) {
    use chassis::auth::Permission;
    let app = Stage::set(&pool).await.app;
    app.as_staff(&[may::DecideVendors::NAME]).get("/v1/staff").await.expect(204);
    app.as_staff(may::ALL).get("/v1/staff").await.expect(204);
    // A change that would not be in the audit trail is not made.
    app.as_staff(may::ALL).post("/v1/staff", json!({})).await.problem(500, "internal");
    app.as_staff(&[may::Look::NAME]).get("/v1/staff").await.problem(403, "forbidden");
    app.as_staff(&[]).get("/v1/staff").await.problem(403, "forbidden");
    app.as_buyer().get("/v1/staff").await.problem(403, "forbidden");
    app.as_vendor(VendorId::new()).get("/v1/staff").await.problem(403, "forbidden");
    let mut pretender = app.claims(UserId::new());
    pretender.perms = vec![may::DecideVendors::NAME.into()];
    app.as_claims(&pretender).get("/v1/staff").await.problem(403, "forbidden");
    app.anonymous().get("/v1/staff").await.problem(401, "unauthenticated");
}
