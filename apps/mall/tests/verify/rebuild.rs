//! 24: copies, rebuilt.

use contracts::order::{OrderConfirmed, OrderPlaced, SellerOrderShipped};
use contracts::product::ProductUpserted;
use contracts::topics;
use contracts::vendor::VendorChanged;
use mall::registry;
use mall::verify::projections;
use mall::verify::rebuild;
use mall::verify::stack::Scratch;
use testkit::sample;

use crate::stage::{Stage, admin_url};

#[tokio::test]
async fn a_row_that_is_missing_altered_or_of_nobodys_making_is_found() {
    let mut stage = Stage::bare(&["admin"], topics::ALL).await;
    let entry = registry::all().into_iter().find(|entry| entry.name == "admin").unwrap();
    stage.bus.emit(&sample::<VendorChanged>()).await;
    stage.bus.emit(&sample::<ProductUpserted>()).await;
    stage.bus.emit(&sample::<OrderPlaced>()).await;
    stage.bus.emit(&sample::<OrderConfirmed>()).await;
    stage.bus.emit(&sample::<SellerOrderShipped>()).await;
    let consumers =
        (entry.consumers)(stage.common.clone(), Vec::new(), stage.pool("admin").clone())
            .await
            .unwrap();
    rebuild::replay(&stage.stack.broker, &consumers.projections).await.unwrap();
    stage.stack.scratch = Some(Scratch {
        admin_url: admin_url().into(),
        services: vec![(entry, stage.common.clone(), Vec::new())],
    });

    stage.finds(24, "admin", &[
        (
            "update order_parts set status = 'packed'",
            "update order_parts set status = 'confirmed'",
            "admin: order_parts keeps 01934e5f-0000-7000-8000-000000000020 as",
        ),
        (
            "create table aside as select * from vendors; delete from vendors",
            "insert into vendors select * from aside",
            "admin: vendors lacks 01934e5f-0000-7000-8000-00000000000a",
        ),
        (
            "insert into bounced_mails values ('01934e5f-0000-7000-8000-0000000000ff')",
            "delete from bounced_mails",
            "admin: bounced_mails keeps 01934e5f-0000-7000-8000-0000000000ff, which follows from no topic",
        ),
    ]).await;
}

#[tokio::test]
async fn without_an_account_that_may_make_databases_nothing_is_checked_and_it_says_so() {
    let stage = Stage::bare(&[], &[]).await;
    let found = stage.look(24).await;
    assert_eq!((found.checked, found.violations.len()), (0, 0));
    assert!(found.unseen[0].contains("MALL_ADMIN_DATABASE_URL"), "{:?}", found.unseen);
}

/// A copy that is added to a service and not to the list would never be checked.
#[tokio::test]
async fn the_list_of_copies_names_the_topics_that_each_service_copies() {
    let stage = Stage::bare(&["admin", "analytics", "order", "product"], &[]).await;
    for entry in registry::all() {
        let Some(pool) = stage.stack.databases.get(entry.name) else { continue };
        let consumers =
            (entry.consumers)(stage.common.clone(), Vec::new(), pool.clone()).await.unwrap();
        let tables = projections::of(entry.name).iter();
        let mut listed: Vec<&str> =
            tables.flat_map(|copied| copied.from).map(|topic| topic.name).collect();
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(consumers.projections.handlers.topics(), listed, "{}", entry.name);
    }
}
