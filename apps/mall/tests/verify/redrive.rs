//! `mall dead-letters redrive`: in order, and only once the cause is gone.

use chassis::dead_letters;
use contracts::order::SellerOrderDelivered;
use contracts::topics;
use mall::operator::dead_letters::redrive_with;
use mall::registry;
use mall::verify::rebuild;
use testkit::sample;

use crate::stage::Stage;

#[tokio::test]
async fn letters_stay_behind_their_culprit_until_it_is_dropped() {
    let topics = [&topics::ORDER_ORDER_EVT, &topics::ADMIN_DECISION_EVT];
    let stage = Stage::bare(&["rating"], &topics).await;
    let entry = registry::find("rating").unwrap();
    let consumers =
        (entry.consumers)(stage.common.clone(), Vec::new(), stage.pool("rating").clone());
    let (consumers, db) = (consumers.await.unwrap(), stage.db("rating"));
    let mut poison = stage.bus.outgoing(&sample::<SellerOrderDelivered>());
    poison.payload = Some(b"{}".to_vec());
    stage.bus.publish(&[poison]).await;
    stage.bus.emit(&sample::<SellerOrderDelivered>()).await;
    rebuild::replay(&stage.stack.broker, &consumers.effects).await.unwrap();
    let letters = dead_letters::list(&db).await.unwrap();
    assert_eq!(letters.iter().map(|l| l.culprit).collect::<Vec<_>>(), [true, false]);

    let refused = redrive_with(&db, &consumers, Some(letters[1].id)).await.unwrap_err();
    assert!(refused.to_string().contains("1 keys still cannot be handled"), "{refused}");
    assert_eq!(dead_letters::list(&db).await.unwrap(), letters);

    dead_letters::discard(&db, letters[0].id).await.unwrap();
    redrive_with(&db, &consumers, None).await.unwrap();
    assert!(dead_letters::list(&db).await.unwrap().is_empty());
    let rows: i64 =
        sqlx::query_scalar("select count(*) from purchases").fetch_one(db.pool()).await.unwrap();
    assert!(rows > 0);
}
