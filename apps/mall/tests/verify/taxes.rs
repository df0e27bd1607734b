//! 32: the tax on papers, in orders and in shares.

use crate::documents::{CREDIT, NOTE};
use crate::stage::Stage;

#[tokio::test]
async fn another_tax_on_a_paper_than_in_its_order_or_its_share_is_found() {
    let stage = Stage::set(&["order", "invoice", "payment"], &[]).await;
    let set = |part: &str, amount: u32, kind: &str| {
        format!(
            "update invoices set document = jsonb_set(document, '{{totals,tax,{part},amount}}', '{amount}') where kind = '{kind}'"
        )
    };
    stage.finds(32, "invoice", &[
        (
            &set("taxable", 220_168, "sale"),
            &set("taxable", 220_169, "sale"),
            "A1B2/2627/000001 (01934e5f-0000-7000-8000-000000000032) is worth 220168 and bears 39632 of tax, but seller order \
             M261122-000001-1 is worth 220169 and bears 39631",
        ),
        (
            &set("igst", 39_630, "sale"),
            &set("igst", 39_631, "sale"),
            "the taxes on A1B2/2627/000001 (01934e5f-0000-7000-8000-000000000032) come to 39630, and it bears 39631",
        ),
    ]).await;

    stage.finds(32, "payment", &[(
        "update shares set taxable = 220168",
        "update shares set taxable = 220169",
        "the share of seller order M261122-000001-1 (01934e5f-0000-7000-8000-000000000020) was reckoned on 220168",
    )]).await;

    let terms = "commission_bp = 1000, has_gstin = true, has_pan = true";
    stage.run("order", &format!("update seller_orders set {terms}, supply = 'cgst_sgst'")).await;
    stage
        .breaks(32, "bears igst, but seller order M261122-000001-1 was taxed with cgst_sgst")
        .await;
    stage.run("order", "update seller_orders set supply = 'igst'").await;

    stage.run("order", CREDIT).await;
    stage.run("invoice", NOTE).await;
    stage.finds(32, "invoice", &[(
        &set("taxable", 110_085, "credit"),
        &set("taxable", 110_084, "credit"),
        "credit note A1B2C2627/000001 (01934e5f-0000-7000-8000-000000000033) is worth 110085 and bears 19815 of tax, but \
         the credit of seller order M261122-000001-1 is worth 110084 and bears 19816",
    )]).await;
}
