//! `docs/scenarios.md`, from the same lines that are played.

use std::fmt::Write as _;

use super::Scenario;
use super::book::scenarios;
use super::cast::{PARTS, Part, TOTAL};
use super::ends::Ends;

/// The page.
pub fn document() -> String {
    let mut page = String::from(HEAD);
    for (nth, part) in PARTS.iter().enumerate() {
        let (title, _, rate) = part.product;
        let Part { names: (name, _), quantity, price, .. } = part;
        let sold = format!("{quantity} x {title} at {price}");
        let _ = writeln!(page, "| {} | {name} | {sold} | {} % |", nth + 1, rate / 100);
    }
    let _ = write!(page, "\nTogether {TOTAL}.\n\n{COLUMNS}");
    for scenario in scenarios() {
        for (nth, ends) in scenario.ends.iter().enumerate() {
            page.push_str(&row(scenario, nth, ends));
        }
    }
    page
}

fn row(scenario: &Scenario, nth: usize, ends: &Ends) -> String {
    let happens = if nth == 0 { scenario.happens } else { "or:" };
    let told = ends.told();
    let cell = |what: &str| told[what].clone();
    format!(
        "| {} | {} | {happens} | {}: {} | {} | {} | {} | {} | {} |\n",
        scenario.id,
        scenario.name,
        cell("order"),
        cell("parts"),
        cell("books"),
        cell("refunds"),
        cell("stock"),
        cell("papers"),
        cell("mails"),
    )
}

const HEAD: &str = "# What can happen to an order, and where it ends

Made by `cargo xtask generate` from `apps/mall/src/scenarios`. `deploy/native/stack mall scenarios` plays them against the
running stack; `make test` does, too. Amounts are in paise, debits positive, credits negative; an account that is not
named is at zero; `tds_adjustable` is counted with `tds_payable` where it is not named. What was paid to sellers is in the
books where they sell in that story only. Stock is what became more or fewer of each part's product: available/committed/shipped.

| part | seller | what | GST |
|---|---|---|---|
";

const COLUMNS: &str =
    "| no. | name | what happens | order: parts | books | refunds | stock | papers | mails |
|---|---|---|---|---|---|---|---|---|
";
