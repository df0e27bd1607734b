//! What waits for a seller waits as long as it takes.

use jiff::SignedDuration;
use sqlx::PgPool;

use crate::credits::credited;
use crate::scene::{Shop, seller};

/// Its part is numbered once the seller is heard of, for which it has a week; so has the credit.
#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_credit_waits_for_a_part_as_long_as_that_one_for_its_seller(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (known, late) = (shop.seller("AAAA").await, seller("BBBB"));
    let order = shop.confirmed(&[&known, &late]).await;
    shop.app.deliver(credited(&order, 1, 1, (129_900, 19_816))).await;
    for _ in 0..24 {
        shop.app.clock.advance(SignedDuration::from_mins(15));
        shop.app.run_jobs().await;
    }
    assert_eq!(shop.numbers().await, ["AAAA/2627/000001"]);

    shop.app.deliver(late).await;
    for _ in 0..2 {
        shop.app.clock.advance(SignedDuration::from_mins(15));
        shop.app.run_jobs().await;
    }

    let wanted = ["AAAA/2627/000001", "BBBB/2627/000001", "BBBBC2627/000001"];
    assert_eq!(shop.numbers().await, wanted);
    assert_eq!(shop.dead().await, Vec::<String>::new());
}
