//! Who acts for which seller, as vendor-service says it.

use contracts::vendor::VendorChanged;
use kernel::{UserId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{TestApp, sample};
use user::App;

use crate::stage::{Guest, config, refresh, sign_in};

fn vendor(vendor_id: VendorId, members: &[UserId]) -> VendorChanged {
    VendorChanged { vendor_id, owner: UserId::new(), members: members.to_vec(), ..sample() }
}

async fn vendors_of(app: &TestApp<App>, guest: &mut Guest) -> Value {
    *guest = Guest::of(app, refresh(app, &guest.refresh_token).await);
    let me = guest.client.get("/v1/me").await.expect(200);
    assert_eq!(me["vendors"], guest.user["vendors"]);
    guest.user["vendors"].clone()
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_fresh_token_names_the_sellers_one_acts_for(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mut guest = sign_in(&app, "a@x.io").await;
    let me: UserId = guest.user_id.parse().unwrap();
    let (shop, stall) = (VendorId::new(), VendorId::new());

    app.deliver(vendor(shop, &[me, UserId::new()])).await;
    app.deliver(vendor(stall, &[me])).await;
    assert_eq!(vendors_of(&app, &mut guest).await, json!([shop, stall]));

    app.deliver(vendor(shop, &[])).await;
    assert_eq!(vendors_of(&app, &mut guest).await, json!([stall]));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn an_older_state_that_comes_late_changes_nothing(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mut guest = sign_in(&app, "a@x.io").await;
    let me: UserId = guest.user_id.parse().unwrap();
    let shop = VendorId::new();
    let with_version = |members: &[UserId], version: &str| {
        let mut record = app.record(&vendor(shop, members));
        record.headers.insert("ce_aggversion".into(), version.into());
        record
    };

    app.deliver_record(with_version(&[me], "5")).await;
    app.deliver_record(with_version(&[], "4")).await;
    app.deliver_record(with_version(&[], "5")).await;
    assert_eq!(vendors_of(&app, &mut guest).await, json!([shop]));
    app.deliver_record(with_version(&[], "6")).await;
    assert_eq!(vendors_of(&app, &mut guest).await, json!([]));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_member_named_twice_or_not_yet_here_does_no_harm(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mut guest = sign_in(&app, "a@x.io").await;
    let me: UserId = guest.user_id.parse().unwrap();
    let shop = VendorId::new();
    app.deliver(vendor(shop, &[me, me, UserId::new()])).await;
    assert_eq!(vendors_of(&app, &mut guest).await, json!([shop]));
}
