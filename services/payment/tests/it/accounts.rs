//! Sellers are paid to accounts that the provider knows, and to another one than before only after a day.

use contracts::payment::PayoutPostponed;
use contracts::vendor::{PayoutAccount, PayoutAccountState, VendorChanged, VendorStatus};
use jiff::SignedDuration;
use kernel::{Clock, VendorId};
use serde_json::json;
use sqlx::PgPool;
use testkit::sample;

use crate::payouts::sale;
use crate::poll::cut_off;
use crate::stage::Stage;

impl Stage {
    pub async fn account_is(&self, vendor: VendorId, state: PayoutAccountState, hours: i64) {
        let payable_from = self.app.clock.now() + SignedDuration::from_hours(hours);
        let payout_account = Some(PayoutAccount { state, payable_from });
        let status = VendorStatus::Approved;
        let seller = VendorChanged { vendor_id: vendor, status, payout_account, ..sample() };
        self.app.deliver(seller).await;
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_seller_is_paid_a_day_after_its_account_was_changed(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.sold(&sale(vendor)).await;
    for state in [PayoutAccountState::Pending, PayoutAccountState::Refused] {
        stage.account_is(vendor, state, 0).await;
        assert_eq!(stage.run_now().await["vendors"], json!([]), "{state:?}");
    }
    stage.account_is(vendor, PayoutAccountState::Registered, 24).await;
    assert_eq!(stage.run_now().await["vendors"], json!([vendor]));
    let due = stage.app.clock.now();
    stage.app.run_jobs().await;
    let told = stage.app.emitted::<PayoutPostponed>().await;
    assert_eq!((told.len(), told[0].vendor_id), (1, vendor), "the seller is told, once");
    assert_eq!(told[0].until, due + SignedDuration::from_hours(24));
    assert!(told[0].available.minor() > 0);
    stage.advance(86_399);
    stage.app.run_jobs().await;
    assert_eq!(stage.payouts().await.len(), 0);
    stage.advance(1);
    for _ in 0..2 {
        stage.app.run_jobs().await;
    }
    let payouts = stage.payouts().await;
    assert_eq!((payouts.len(), &payouts[0]["state"]), (1, &json!("paid")));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_on_its_way_does_not_go_to_an_account_that_was_just_changed(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.account_is(vendor, PayoutAccountState::Registered, 0).await;
    stage.sold(&sale(vendor)).await;
    let alone = cut_off(&stage).await;
    stage.begin_run().await;
    // It is booked, and the provider does not answer.
    alone.run_jobs().await;
    stage.account_is(vendor, PayoutAccountState::Registered, 24).await;
    for _ in 0..23 {
        stage.advance(3_600);
        stage.app.run_jobs().await;
    }
    assert_eq!(stage.payouts().await[0]["state"], "requested");
    let books = stage.psp.get("/sandbox/ledger").await;
    assert_eq!(books["payouts"], json!([]));
    stage.advance(2 * 3_600);
    stage.app.run_jobs().await;
    assert_eq!(stage.payouts().await[0]["state"], "paid");
}
