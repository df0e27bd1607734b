//! Writing mail from templates: HTML, where every value is escaped, and plain text.

use std::collections::BTreeMap;

use kernel::InvoiceId;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior, Value, context};

use super::sources::SOURCES;
use super::{money_waits, words};
use crate::domain::back::{Back, BackLine, HeldUp, Hurdle, TakenBack, Unclaimed};
use crate::domain::delivered::Delivered;
use crate::domain::india;
use crate::domain::letter::Letter;
use crate::domain::link::Link;
use crate::domain::notice::{Notice, ToDo};
use crate::domain::receipt::{Invoice, Paid, Receipt, ReceiptLine, Section};
use crate::domain::sent_back::{SentBack, SentLine};
use crate::domain::shipped::{Pieces, Shipped};

/// So many SKUs are named at most.
const MOST_SKUS: usize = 20;
/// What a letter does not carry with it: personal or secret, and looked up when it is sent. Never shown by `Debug`.
#[derive(Clone, Default)]
pub struct Particulars {
    pub name: Option<String>,
    pub shop: Option<String>,
    /// A sign-in code, and for how many minutes it is good.
    pub code: Option<(String, u32)>,
    /// The link to each invoice.
    pub links: BTreeMap<InvoiceId, Link>,
}

/// A mail as it is read.
#[derive(Clone)]
pub struct Written {
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

/// The templates.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// Reads all templates; one that cannot be read stops the service at its start.
    pub fn load() -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
        environment.set_syntax(syntax);
        for (name, source) in SOURCES {
            environment.add_template(name, source)?;
        }
        Ok(Self(environment))
    }

    /// Writes a mail.
    pub fn write(&self, letter: &Letter, filled: &Particulars) -> Result<Written, Error> {
        let (name, subject) = (letter.kind().into_str(), letter.subject());
        let values = context! {
            subject => &subject,
            name => filled.name.as_deref(),
            it => values(letter, filled),
        };
        let render =
            |ending: &str| self.0.get_template(&format!("{name}.{ending}"))?.render(values.clone());
        Ok(Written { text: render("txt")?, html: render("html")?, subject })
    }
}

fn values(letter: &Letter, filled: &Particulars) -> Value {
    match letter {
        Letter::SignInCode => {
            let (code, minutes) = filled.code.clone().unwrap_or_default();
            context! { code, minutes }
        }
        Letter::SessionEnded => context! {},
        Letter::OrderConfirmation(receipt) => receipt_values(receipt, &filled.links),
        Letter::NewSellerOrder { number, lines, total, paid, until } => {
            let (total, until) = (total.to_string(), until.map(india::by_the_clock));
            let paid = paid.as_ref().map(Paid::into_str);
            context! { number, lines => line_values(lines), total, paid, until }
        }
        Letter::Shipped(shipped) => shipped_values(shipped, filled.shop.as_deref()),
        Letter::Delivered(delivered) => delivered_values(delivered, filled.shop.as_deref()),
        Letter::SellerApproved { shop, again } => context! { shop, again },
        Letter::Ruled(ruled) => {
            context! { title => ruled.title(), reason => &ruled.reason, corrections => &ruled.corrections }
        }
        Letter::OrderCancelled { number, why } => context! { number, why => words::ended(*why) },
        Letter::OrderRejected { held_up } => rejected_values(held_up),
        Letter::ItemsTakenBack(back) => {
            let note = back.note.as_ref().map(|note| paper_values(note, &filled.links));
            context! { note, ..back_values(back) }
        }
        Letter::CreditNote { number, against, note } => {
            context! { number, against, note => paper_values(note, &filled.links) }
        }
        Letter::MoneyUnclaimed { number, received, why } => {
            let (then, why) = (what_then(*why), words::unclaimed(*why));
            context! { number, received => received.to_string(), why, then }
        }
        Letter::RefundDone { reference, goodwill, by_bank, number, amount } => {
            context! { reference, goodwill, by_bank, ..money_waits::owed(number, *amount) }
        }
        Letter::SellerDueSoon(notice) => notice_values(notice),
        Letter::SellerItemsTakenBack(back) => {
            let late = back.why == TakenBack::TooLate;
            let unsent = back.why.is_unsent();
            context! { why => words::taken_from_seller(back.why), late, unsent, ..back_values(back) }
        }
        Letter::ReturnRequested(sent)
        | Letter::ReturnSentBack(sent)
        | Letter::ReturnApproved(sent)
        | Letter::ReturnRefused(sent)
        | Letter::ReturnExpired(sent)
        | Letter::ReturnSettled(sent) => sent_back_values(sent),
        Letter::PayoutPaid { amount, reference } => {
            context! { amount => amount.to_string(), reference }
        }
        Letter::PayoutFailed { amount } | Letter::BalanceWrittenOff { amount } => {
            context! { amount => amount.to_string() }
        }
        Letter::PayoutAccountChanged { changed_at, payable_from } => {
            context! { at => india::by_the_clock(*changed_at), from => india::by_the_clock(*payable_from) }
        }
        Letter::RateEnding(ending) => context! {
            rate => ending.rate(), day => ending.day(), products => ending.products, skus => &ending.skus,
            more => ending.skus.len() == MOST_SKUS, untaxed => ending.untaxed,
        },
        Letter::ProductsBarred(barred) => context! {
            products => barred.products, skus => &barred.skus, more => barred.skus.len() == MOST_SKUS,
        },
        Letter::BalanceOverdue { owed, since } => {
            context! { amount => owed.to_string(), since => india::day(*since) }
        }
        Letter::RefundDelayed(owed) | Letter::RefundNeedsAccount(owed) => {
            context! { goodwill => owed.goodwill, ..money_waits::owed(&owed.number, owed.amount) }
        }
        Letter::DisputeOpenedSeller(disputed) | Letter::DisputeOpenedBuyer(disputed) => {
            money_waits::opened(disputed)
        }
        Letter::DisputeDecidedSeller { number, amount, verdict } => {
            money_waits::decided(number, *amount, *verdict)
        }
        Letter::PayoutHeld { amount, why, words, until } => {
            money_waits::held(*amount, *why, words.as_deref(), *until)
        }
    }
}

fn pieces(of: &[Pieces]) -> Vec<Value> {
    let values = |line: &Pieces| context! { title => &line.title, quantity => line.quantity };
    of.iter().map(values).collect()
}

fn delivered_values(delivered: &Delivered, shop: Option<&str>) -> Value {
    let (lines, until) = (pieces(&delivered.lines), delivered.until());
    context! { number => &delivered.number, lines, until, kept => delivered.is_kept, shop }
}

fn shipped_values(shipped: &Shipped, shop: Option<&str>) -> Value {
    context! {
        number => &shipped.number,
        carrier => &shipped.carrier,
        tracking_number => &shipped.tracking_number,
        lines => pieces(&shipped.lines),
        rest => pieces(&shipped.rest),
        last => shipped.is_last,
        shop,
    }
}

fn notice_values(notice: &Notice) -> Value {
    let (to_do, done) = match notice.to_do {
        ToDo::Accept => ("accept or reject it", "answered"),
        ToDo::Ship => ("ship it", "shipped"),
    };
    context! { number => &notice.number, to_do, done, until => notice.until() }
}

fn rejected_values(held_up: &[HeldUp]) -> Value {
    let late = held_up.iter().any(|line| line.hurdle == Hurdle::Stale);
    let values = |line: &HeldUp| {
        context! {
            sku => line.sku.as_str(), title => line.title.as_deref(), why => words::held_up(line)
        }
    };
    context! { late, lines => held_up.iter().map(values).collect::<Vec<_>>() }
}

fn back_values(back: &Back) -> Value {
    let values = |line: &BackLine| {
        context! { title => &line.title, quantity => line.quantity, total => line.total.to_string() }
    };
    context! {
        number => &back.number,
        seller => back.seller.as_deref(),
        why => words::taken_back(back.why),
        lines => back.lines.iter().map(values).collect::<Vec<_>>(),
        total => back.total.to_string(),
        comes => back.comes.into_str(),
        ended => back.ended,
    }
}

fn sent_back_values(sent: &SentBack) -> Value {
    let values = |line: &SentLine| context! { title => &line.title, quantity => line.quantity };
    context! {
        number => &sent.number,
        why => words::sent_back(sent.why),
        lines => sent.lines.iter().map(values).collect::<Vec<_>>(),
        until => sent.until(),
        overruled => sent.overruled,
    }
}

/// What becomes of money that belongs to no order.
const fn what_then(why: Unclaimed) -> &'static str {
    match why {
        Unclaimed::Excess => "rest",
        Unclaimed::Late | Unclaimed::Second | Unclaimed::Mismatch | Unclaimed::Otherwise => {
            "given_back"
        }
    }
}

fn receipt_values(receipt: &Receipt, links: &BTreeMap<InvoiceId, Link>) -> Value {
    let sections: Vec<Value> = receipt.sections.iter().map(|s| section_values(s, links)).collect();
    let paid = match receipt.paid {
        Paid::ByUpi => "Paid by UPI",
        Paid::OnDelivery => "To be paid in cash on delivery",
        Paid::Otherwise => "Paid",
    };
    context! { number => &receipt.number, sections, paid, total => receipt.total.to_string() }
}

fn section_values(section: &Section, links: &BTreeMap<InvoiceId, Link>) -> Value {
    let invoice = section.invoice.as_ref().map(|invoice| paper_values(invoice, links));
    context! {
        seller => &section.seller,
        number => &section.number,
        lines => line_values(&section.lines),
        shipping => section.shipping.to_string(),
        tax => section.tax.to_string(),
        total => section.total.to_string(),
        invoice,
    }
}

/// A document and the link to it.
fn paper_values(paper: &Invoice, links: &BTreeMap<InvoiceId, Link>) -> Value {
    let link = links.get(&paper.id);
    context! {
        number => &paper.number,
        link => link.map(Link::as_str),
        // Checked and escaped by its type; the engine would spell every slash as an entity.
        href => link.map(|link| Value::from_safe_string(link.attribute())),
    }
}

fn line_values(lines: &[ReceiptLine]) -> Vec<Value> {
    let values = |line: &ReceiptLine| {
        context! {
            title => &line.title,
            quantity => line.quantity,
            unit_price => line.unit_price.to_string(),
            total => line.total.to_string(),
        }
    };
    lines.iter().map(values).collect()
}

#[cfg(test)]
mod tests {
    use contracts::order::OrderConfirmed;
    use contracts::payment::RefundFailed;
    use testkit::sample;

    use super::{Particulars, Templates};
    use crate::domain::back::{Back, Unclaimed};
    use crate::domain::barred::Barred;
    use crate::domain::delivered::Delivered;
    use crate::domain::letter::{Ended, Letter};
    use crate::domain::notice::{Notice, ToDo};
    use crate::domain::owed::Owed;
    use crate::domain::receipt::{Invoice, Receipt, lines};
    use crate::domain::ruled::{Matter, Ruled};
    use crate::domain::sent_back::SentBack;
    use crate::domain::shipped::Shipped;

    fn letters() -> Vec<Letter> {
        let order = sample::<OrderConfirmed>().order;
        let part = &order.parts[0];
        let number = "M261122-000001-1".to_owned();
        vec![
            Letter::SignInCode,
            Letter::SessionEnded,
            Letter::OrderConfirmation(Receipt::of(&order)),
            Letter::NewSellerOrder {
                number: number.clone(),
                lines: lines(&part.lines),
                total: part.total,
                paid: None,
                until: Some(order.placed_at),
            },
            Letter::Shipped(Shipped::of(&sample(), Some(&Receipt::of(&order)))),
            Letter::Delivered(Delivered::of(&sample(), None, order.placed_at)),
            Letter::SellerApproved { shop: "Lotus <b>Home</b>".into(), again: false },
            Letter::SellerApproved { shop: "Lotus <b>Home</b>".into(), again: true },
            Letter::Ruled(Ruled::of(Matter::Application, "<b>Home")),
            Letter::Ruled(Ruled::of(Matter::Seller, "<b>Home")),
            Letter::Ruled(Ruled::of(Matter::proposed("<b>Home"), "dark")),
            Letter::Ruled(Ruled::of(Matter::shelved("<b>Home"), "dark")),
            Letter::BalanceWrittenOff { amount: part.total },
            Letter::OrderCancelled { number: number.clone(), why: Ended::Unpaid },
            Letter::OrderRejected { held_up: Vec::new() },
            Letter::ItemsTakenBack(Back::of(&sample(), Some(&Receipt::of(&order)))),
            Letter::ItemsTakenBack(Back::of(&sample(), None)),
            Letter::MoneyUnclaimed {
                number: number.clone(),
                received: part.total,
                why: Unclaimed::Late,
            },
            Letter::RefundDone {
                number: number.clone(),
                amount: part.total,
                reference: None,
                goodwill: false,
                by_bank: false,
            },
            Letter::SellerDueSoon(Notice::of(&number, ToDo::Accept, order.placed_at)),
            Letter::SellerItemsTakenBack(Back::of(&sample(), None)),
            Letter::RefundDelayed(Owed::of(&sample::<RefundFailed>().refund)),
            Letter::ReturnRequested(SentBack::of(&sample())),
            Letter::ReturnSentBack(SentBack::of(&sample())),
            Letter::ReturnApproved(SentBack::of(&sample())),
            Letter::ReturnApproved(SentBack { overruled: true, ..SentBack::of(&sample()) }),
            Letter::ReturnRefused(SentBack::of(&sample())),
            Letter::ReturnRefused(SentBack { until: None, ..SentBack::of(&sample()) }),
            Letter::ReturnExpired(SentBack::of(&sample())),
            Letter::ReturnSettled(SentBack::of(&sample())),
            Letter::PayoutPaid { amount: part.total, reference: None },
            Letter::PayoutFailed { amount: part.total },
            Letter::BalanceOverdue { owed: part.total, since: order.placed_at },
            Letter::ProductsBarred(Barred::of(&sample())),
            Letter::CreditNote { number, against: "A1/1".into(), note: Invoice::of(&sample()) },
            Letter::PayoutAccountChanged {
                changed_at: order.placed_at,
                payable_from: order.placed_at,
            },
        ]
    }

    #[test]
    fn every_letter_can_be_written_with_and_without_particulars() {
        let templates = Templates::load().unwrap();
        let name = Some("Asha <i>Rao</i>".to_owned());
        let filled =
            Particulars { name, shop: Some("Lotus Home".into()), ..Particulars::default() };
        for letter in letters() {
            let written = templates.write(&letter, &Particulars::default()).unwrap();
            assert!(
                !written.subject.is_empty() && !written.text.contains("none"),
                "{}",
                written.text
            );
            let written = templates.write(&letter, &filled).unwrap();
            assert!(written.text.contains("Hello Asha <i>Rao</i>,"), "{}", written.text);
            assert!(written.html.contains("Hello Asha &lt;i&gt;Rao"), "{}", written.html);
            assert!(!written.html.contains("<b>Home"), "{}", written.html);
        }
    }
}
