//! A price that is reduced after the sale has a credit note without a piece; what comes too late, one without tax.

use contracts::invoice::InvoiceIssued;
use contracts::order::{CreditCause, SellerOrderCredited};
use kernel::Money;
use sqlx::PgPool;

use crate::credits::{credited, documents, nila, note, printed, sold, sums};
use crate::scene::Shop;

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_price_that_is_reduced_has_a_credit_note_and_leaves_every_piece(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let nila = nila();
    shop.app.deliver(nila.clone()).await;
    let order = sold(&shop, &nila, 3, 49_900);
    shop.app.deliver(order.clone()).await;
    shop.app.run_jobs().await;
    shop.app.emitted::<InvoiceIssued>().await;

    let mut reduced = credited(&order, 0, 0, (10_000, 1_526));
    reduced.cause = CreditCause::PriceReduced;
    reduced.reason = Some("a scratch on the foot".into());
    let said = note(&shop, &reduced).await;
    assert_eq!(sums(&documents(&shop).await[0]), [8_474, 763, 763, 0, 10_000]);
    let text = printed(&shop, said.credit_note.invoice_id).await;
    for fact in ["Price reduced: a scratch on the foot", "Price reduction: ", "1 100.00", "₹84.74"]
    {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }

    // All three pieces can still come back, for what is left of their price.
    let back = credited(&order, 0, 3, (139_700, 21_310));
    let said = note(&shop, &back).await;
    assert_eq!(said.credit_note.total, Money::inr(139_700));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_comes_too_late_for_its_tax_has_a_note_without_any(pool: PgPool) {
    let (shop, nila) = (Shop::open(pool).await, nila());
    shop.app.deliver(nila.clone()).await;
    let order = sold(&shop, &nila, 3, 49_900);
    shop.app.deliver(order.clone()).await;
    let late = SellerOrderCredited { commercial: true, ..credited(&order, 0, 2, (99_800, 0)) };
    let said = note(&shop, &late).await;
    assert_eq!(sums(&documents(&shop).await[0]), [99_800, 0, 0, 0, 99_800]);
    let text = printed(&shop, said.credit_note.invoice_id).await;
    for fact in ["Commercial credit note", "takes no tax back: the sale stays taxed"] {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
    for wrong in ["CGST", "No tax is charged on this supply"] {
        assert!(!text.contains(wrong), "{wrong} is in {text}");
    }
}
