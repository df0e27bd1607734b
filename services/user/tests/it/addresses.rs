//! The address book.

use contracts::user::{AccountUpdated, ContactUpdated};
use futures::future::join_all;
use kernel::AddressId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::{Guest, config, sign_in, warm};

fn address() -> Value {
    json!({
        "recipient": "Asha Rao", "phone": "9876543210", "line1": "12 MG Road", "line2": "Ashok Nagar",
        "city": "Bengaluru", "state": "29", "pincode": "560001"
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut address = address();
    address[member] = value;
    address
}

async fn add(guest: &Guest) -> String {
    let added = guest.client.post("/v1/me/addresses", address()).await.expect(201);
    added["address_id"].as_str().unwrap().to_owned()
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_second_line_that_nobody_filled_in_is_none(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    for empty in [json!(""), json!("  "), json!(null)] {
        let added = guest.client.post("/v1/me/addresses", with("line2", empty)).await.expect(201);
        assert_eq!(added["line2"], Value::Null);
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn an_entry_is_added_changed_and_taken_out_and_the_others_follow(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    app.emitted::<ContactUpdated>().await;
    app.emitted::<AccountUpdated>().await;

    let added = guest.client.post("/v1/me/addresses", address()).await.expect(201);
    assert_eq!((&added["version"], &added["phone"]), (&json!(1), &json!("+919876543210")));
    assert_eq!(added["state_name"], "Karnataka");
    let path = format!("/v1/me/addresses/{}", added["address_id"].as_str().unwrap());

    let changed = guest.client.put(&path, with("line1", json!("13 MG Road"))).await.expect(200);
    assert_eq!((&changed["version"], &changed["line1"]), (&json!(2), &json!("13 MG Road")));
    let list = guest.client.get("/v1/me/addresses").await.expect(200);
    assert_eq!(list, json!({ "items": [changed], "next": null }));

    guest.client.delete(&path).await.expect(204);
    guest.client.delete(&path).await.problem(404, "not-found");
    guest.client.put(&path, address()).await.problem(404, "not-found");

    let contact = app.emitted::<ContactUpdated>().await;
    let editions: Vec<Vec<_>> = contact
        .iter()
        .map(|c| c.addresses.iter().map(|a| (a.version, a.line1.as_str())).collect())
        .collect();
    assert_eq!(editions, [vec![(1, "12 MG Road")], vec![(2, "13 MG Road")], vec![]]);
    let accounts = app.emitted::<AccountUpdated>().await;
    let books: Vec<_> = accounts.iter().map(|a| a.address_ids.len()).collect();
    assert_eq!(books, [1, 1, 0]);
    let editions: Vec<Vec<_>> = accounts
        .iter()
        .map(|a| a.address_editions.iter().map(|e| (e.address_id, e.version)).collect())
        .collect();
    let entry = accounts[0].address_ids[0];
    assert_eq!(editions, [vec![(entry, 1)], vec![(entry, 2)], vec![]]);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_pincode_that_does_not_lie_in_the_state_is_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let refused = guest.client.post("/v1/me/addresses", with("state", json!("27"))).await;
    let problem = refused.problem(422, "validation-error");
    assert_eq!(problem["errors"][0]["pointer"], "/state");
    let path = format!("/v1/me/addresses/{}", add(&guest).await);
    let refused = guest.client.put(&path, with("pincode", json!("100000"))).await;
    let problem = refused.problem(422, "validation-error");
    assert_eq!(problem["errors"][0]["pointer"], "/pincode");
    // On the border of Puducherry and Tamil Nadu either is right.
    for state in ["33", "34"] {
        let mut border = with("state", json!(state));
        border["pincode"] = json!("605007");
        guest.client.post("/v1/me/addresses", border).await.expect(201);
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn what_cannot_be_an_address_is_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    for (member, value) in [
        ("pincode", json!("56000")),
        ("pincode", json!(560_001)),
        ("state", json!("99")),
        ("phone", json!("call me")),
        ("recipient", json!("  ")),
        ("recipient", json!("a\nb")),
        ("line1", json!("x".repeat(201))),
        ("city", json!(null)),
    ] {
        let answer = guest.client.post("/v1/me/addresses", with(member, value)).await;
        let problem = answer.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"));
    }
    let answer = guest.client.post("/v1/me/addresses", with("user_id", json!("x"))).await;
    answer.problem(400, "unknown-field");
    let list = guest.client.get("/v1/me/addresses").await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_strangers_entry_and_none_at_all_answer_alike(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let other = sign_in(&app, "b@x.io").await;
    let theirs = add(&other).await;
    let ids = [theirs, AddressId::new().to_string(), "nothing".to_owned()];
    let answers = ids.map(async |id| {
        let path = format!("/v1/me/addresses/{id}");
        let changed = guest.client.put(&path, address()).await;
        let removed = guest.client.delete(&path).await;
        [changed, removed].map(|answer| {
            let text = answer.text().replace(&id, "ID");
            let trace = answer.problem(404, "not-found")["trace_id"].clone();
            text.replace(&format!("{trace}"), "TRACE")
        })
    });
    let [theirs, none, impossible] = futures::future::join_all(answers).await.try_into().unwrap();
    assert_eq!(theirs, none);
    assert_eq!(none, impossible);
    let list = other.client.get("/v1/me/addresses").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn twenty_requests_with_one_key_add_once(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let client = guest.client.clone().key("add-1");
    warm(&pool).await;
    let answers = join_all((0..20).map(|_| client.post("/v1/me/addresses", address()))).await;
    let replayed = answers.iter().filter(|a| a.header("idempotency-replayed").is_some()).count();
    assert_eq!(replayed, 19);
    let ids: Vec<_> = answers.into_iter().map(|a| a.expect(201)["address_id"].clone()).collect();
    assert!(ids.iter().all(|id| id == &ids[0]));

    let other = client.post("/v1/me/addresses", with("city", json!("Mysuru"))).await;
    other.problem(422, "idempotency/key-reused");
    let list = guest.client.get("/v1/me/addresses").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_book_has_pages_and_at_most_fifty_entries(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    for _ in 0..50 {
        add(&guest).await;
    }
    guest.client.post("/v1/me/addresses", address()).await.problem(409, "user/address-book-full");

    let first = guest.client.get("/v1/me/addresses?limit=30").await.expect(200);
    let next = first["next"].as_str().unwrap();
    let path = format!("/v1/me/addresses?limit=30&after={next}");
    let rest = guest.client.get(&path).await.expect(200);
    let count = |page: &Value| page["items"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&rest)), (30, 20));
    assert!(rest["next"].is_null());
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn an_edit_of_an_old_edition_is_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let path = format!("/v1/me/addresses/{}", add(&guest).await);
    let seen = guest.client.clone().with("if-match", "\"1\"");
    let changed = seen.put(&path, address()).await;
    assert_eq!(changed.header("etag"), Some("\"2\""));
    changed.expect(200);
    seen.put(&path, address()).await.problem(412, "precondition-failed");
    let unknown = guest.client.clone().with("if-match", "\"abc\"");
    unknown.put(&path, address()).await.problem(412, "precondition-failed");
}
