//! What staff decided, carried out.

use contracts::admin::{Decision, ProductModerated};
use contracts::product::{ProductStatus, ProductTurnedDown, ProductUpserted};
use kernel::{Clock, ProductId};
use sqlx::PgPool;
use testkit::sample;

use crate::stage::{Mall, Seller, forget, lamp, moderated, open};

async fn status(seller: &Seller, id: ProductId) -> (String, Option<String>) {
    let product = seller.client.get(&seller.path(&format!("/products/{id}"))).await.expect(200);
    let text = |member: &str| product[member].as_str().map(str::to_owned);
    (text("status").expect("a status"), text("reason"))
}

async fn proposed(mall: &Mall) -> (Seller, ProductId) {
    let seller = Seller::approved(mall).await;
    let id = seller.draft(lamp(&["L-18"])).await;
    seller.propose(id).await;
    forget(mall).await;
    (seller, id)
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn an_approved_product_stands_on_the_shelf_until_it_is_suspended(pool: PgPool) {
    let mall = open(pool).await;
    let (seller, id) = proposed(&mall).await;
    let public = format!("/v1/products/{id}");
    mall.anonymous().get(&public).await.problem(404, "not-found");

    moderated(&mall, id, Decision::Approve).await;
    assert_eq!(mall.anonymous().get(&public).await.expect(200)["status"], "published");
    assert_eq!(mall.emitted::<ProductUpserted>().await[0].status, ProductStatus::Published);
    assert!(mall.emitted::<ProductTurnedDown>().await.is_empty(), "its seller sees it");

    moderated(&mall, id, Decision::Suspend).await;
    let [said] = &mall.emitted::<ProductTurnedDown>().await[..] else { panic!("said once") };
    assert_eq!((said.status, said.reason.as_str()), (ProductStatus::Unlisted, "as we saw it"));
    mall.anonymous().get(&public).await.problem(404, "not-found");
    assert_eq!(mall.emitted::<ProductUpserted>().await[0].status, ProductStatus::Unlisted);
    let reason = Some("as we saw it".to_owned());
    assert_eq!(status(&seller, id).await, ("unlisted".into(), reason));
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_rejected_product_names_the_reason_and_can_be_proposed_again(pool: PgPool) {
    let mall = open(pool).await;
    let (seller, id) = proposed(&mall).await;
    moderated(&mall, id, Decision::Reject).await;
    assert_eq!(status(&seller, id).await, ("rejected".into(), Some("as we saw it".into())));
    let [said] = &mall.emitted::<ProductTurnedDown>().await[..] else { panic!("said once") };
    assert_eq!((said.product_id, said.status), (id, ProductStatus::Rejected));
    assert_eq!(mall.emitted::<ProductUpserted>().await[0].status, ProductStatus::Rejected);
    seller.propose(id).await;
    assert_eq!(status(&seller, id).await, ("proposed".into(), None));
    moderated(&mall, id, Decision::Approve).await;
    assert_eq!(status(&seller, id).await.0, "published");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn decisions_in_the_wrong_order_come_to_the_same(pool: PgPool) {
    let mall = open(pool).await;
    let (seller, id) = proposed(&mall).await;
    let early = ProductModerated { product_id: id, decided_at: mall.clock.now(), ..sample() };
    moderated(&mall, id, Decision::Suspend).await;
    mall.deliver(early).await;
    assert_eq!(status(&seller, id).await.0, "unlisted");
    assert_eq!(mall.emitted::<ProductUpserted>().await.len(), 1);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_decision_about_no_product_is_put_aside(pool: PgPool) {
    let mall = open(pool).await;
    mall.deliver_record(mall.record(&sample::<ProductModerated>())).await;
    let letters = chassis::dead_letters::list(mall.db()).await.expect("letters can be listed");
    assert_eq!(letters.len(), 1);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_decision_this_version_does_not_know_changes_nothing(pool: PgPool) {
    let mall = open(pool).await;
    let (seller, id) = proposed(&mall).await;
    moderated(&mall, id, Decision::Unknown).await;
    assert_eq!(status(&seller, id).await.0, "proposed");
    assert!(mall.emitted_names().await.is_empty());
}
