//! Who may see what: somebody else's thing is not there, a wrong role is told so.

use kernel::{PaymentId, SellerOrderId, UserId, VendorId};
use reqwest::Method;
use sqlx::PgPool;

use crate::stage::Stage;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn somebody_elses_payment_looks_like_none(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let stranger = stage.app.as_user(UserId::new());
    for (method, tail) in [(Method::GET, ""), (Method::POST, "/retry")] {
        let theirs = format!("/v1/payments/{}{tail}", ask.payment_id);
        let missing = format!("/v1/payments/{}{tail}", PaymentId::new());
        let mut theirs =
            stranger.send(method.clone(), &theirs, None).await.problem(404, "not-found");
        let mut missing =
            stranger.send(method.clone(), &missing, None).await.problem(404, "not-found");
        for problem in [&mut theirs, &mut missing] {
            let members = problem.as_object_mut().unwrap();
            members.remove("instance");
            members.remove("trace_id");
        }
        assert_eq!(theirs, missing);
    }
    let _ = stranger.get("/v1/payments/no-id").await.problem(404, "not-found");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_reads_another_sellers_books(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (mine, theirs) = (ask.shares[0].vendor_id, ask.shares[1].vendor_id);
    let order = SellerOrderId::new();
    for (method, path) in [
        (Method::GET, format!("/v1/vendors/{theirs}/balance")),
        (Method::GET, format!("/v1/vendors/{theirs}/ledger")),
        (Method::POST, format!("/v1/vendors/{theirs}/orders/{order}/cod-collected")),
    ] {
        let seller = stage.app.as_vendor(mine).send(method.clone(), &path, None).await;
        let _ = seller.problem(404, "not-found");
        let buyer = stage.app.as_buyer().send(method.clone(), &path, None).await;
        let _ = buyer.problem(403, "forbidden");
        let nobody = stage.app.anonymous().send(method, &path, None).await;
        let _ = nobody.problem(401, "unauthenticated");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_with_the_permission_lists_payments(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let path = "/v1/admin/payments";
    let _ = stage.app.anonymous().get(path).await.problem(401, "unauthenticated");
    let _ = stage.app.as_buyer().get(path).await.problem(403, "forbidden");
    let _ = stage.app.as_vendor(VendorId::new()).get(path).await.problem(403, "forbidden");
    let _ = stage.app.as_staff(&["look"]).get(path).await.problem(403, "forbidden");
    let staff = stage.app.as_staff(&["payments.manage"]);
    let _ = staff.get(path).await.expect(200);
    let _ = staff.get("/v1/admin/payments?status=paid").await.problem(422, "validation-error");
    let _ = staff.get("/v1/admin/payments?limit=0").await.problem(422, "validation-error");
    let _ = staff.get("/v1/admin/payments?after=x").await.problem(422, "validation-error");
    let _ = staff.get("/v1/admin/payments?state=x").await.problem(400, "unknown-field");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_payment_is_not_shown_to_nobody(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let path = format!("/v1/payments/{}", ask.payment_id);
    let _ = stage.app.anonymous().get(&path).await.problem(401, "unauthenticated");
    let retry = format!("{path}/retry");
    let nobody = stage.app.anonymous().send(Method::POST, &retry, None).await;
    let _ = nobody.problem(401, "unauthenticated");
}
