//! What happened to an order, told to a person: one sentence for each step and each remark.

use serde::Serialize;
use utoipa::ToSchema;

use super::order::Part;

mod returns;

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Buyer,
    Staff,
}

impl Reader {
    /// What the buyer is called at the beginning of a sentence.
    const fn buyer(self) -> &'static str {
        match self {
            Self::Buyer => "You",
            Self::Staff => "The buyer",
        }
    }

    /// To whom something goes that the buyer gets.
    const fn to_buyer(self) -> &'static str {
        match self {
            Self::Buyer => "you",
            Self::Staff => "the buyer",
        }
    }

    /// Whose something of the buyer is.
    const fn buyers(self) -> &'static str {
        match self {
            Self::Buyer => "Your",
            Self::Staff => "The buyer's",
        }
    }
}

/// A step as it was written down.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The state after it; nothing for a remark.
    pub to: Option<&'a str>,
    /// What made it happen.
    pub cause: &'a str,
    /// What else is known: of pieces that were taken back, which and for how much.
    pub detail: Option<&'a str>,
}

/// Whose doing a step was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StepAuthor)]
pub enum Author {
    Buyer,
    Seller,
    Staff,
    /// Nobody did anything, for too long or for long enough.
    Time,
    /// Another service answered or reported.
    System,
}

impl Author {
    /// Of a cause.
    pub fn of(cause: &str) -> Self {
        match cause.split('.').next() {
            Some("buyer" | "cart") => Self::Buyer,
            Some("vendor") => Self::Seller,
            Some("staff") => Self::Staff,
            Some("timer") => Self::Time,
            _ => Self::System,
        }
    }
}

/// The sentence for `step`: of `part`, or of the order itself. `parts` are those of the order.
pub fn sentence(step: Step<'_>, part: Option<&Part>, parts: &[Part], reader: Reader) -> String {
    let detail = step.detail.map(|detail| with_titles(detail, parts));
    match (part, detail) {
        (Some(part), Some(detail)) => {
            let seller = &part.vendor_name;
            let of_return = step.detail.and_then(|kept| {
                let told = returns::Told::parse(step.cause, kept)?;
                Some(told.sentence(seller, reader, |what| with_titles(what, parts)))
            });
            let told = || with_detail(step, seller, &detail, reader);
            ended(&of_return.unwrap_or_else(told))
        }
        (Some(part), None) => of_part(step, &part.vendor_name),
        (None, Some(detail)) => ended(&remark(step.cause, &detail, reader)),
        (None, None) => match (step.to.unwrap_or_default(), step.cause) {
            ("cancel_pending", "buyer.cancel") => {
                let buyer = reader.buyer();
                format!("{buyer} cancelled; the order ends unless the payment arrives first.")
            }
            ("cancelled", "buyer.cancel") => format!("{} cancelled the order.", reader.buyer()),
            _ => of_order(step).to_owned(),
        },
    }
}

fn of_order(step: Step<'_>) -> &'static str {
    match (step.to.unwrap_or_default(), step.cause) {
        ("placed", _) => "The order was placed.",
        ("reserving", _) => "The goods are being set aside.",
        ("reserved", _) => "The goods are set aside.",
        ("awaiting_payment", _) => "The order waits for the payment.",
        ("awaiting_cod_ok", _) => "The order waits until cash on delivery is granted.",
        ("confirmed", "payment.cod_accepted") => {
            "Cash on delivery was granted, and the order is confirmed."
        }
        ("confirmed", _) => "The payment arrived, and the order is confirmed.",
        ("rejected", _) => "Something in the order cannot be sold, so it ends here.",
        ("cancel_pending", "timer.window_over") => {
            "The time to pay is over; the order ends unless the payment arrives first."
        }
        ("cancel_pending", _) => "No payment will come, and the order is about to end.",
        ("cancelled", "payment.cod_refused") => {
            "Cash on delivery was not granted, and the order is cancelled."
        }
        ("cancelled", "timer.window_over") => {
            "The time to pay is over, and the order is cancelled."
        }
        ("cancelled", _) => "The order is cancelled.",
        _ => "The order has changed.",
    }
}

fn of_part(step: Step<'_>, seller: &str) -> String {
    let to = step.to.unwrap_or_default();
    // It follows its parcels where something else happened: what was not sent is cancelled, for example.
    if !matches!(step.cause, "vendor.ship" | "vendor.deliver" | "vendor.turned_away") {
        match to {
            "shipped" => return format!("All that is left of the part of {seller} is on its way."),
            "rto" => return format!("All that is left of the part of {seller} goes back."),
            "delivered" => {
                return format!("All that is left of the part of {seller} was delivered.");
            }
            _ => {}
        }
    }
    match to {
        "pending" => format!("A part of the order is meant for {seller}."),
        "confirmed" => format!("{seller} was asked to supply its part."),
        "cancelled" => format!("The part of {seller} ended with the order."),
        "accepted" => format!("{seller} accepted its part."),
        "packed" => format!("{seller} packed its part."),
        "shipped" => format!("{seller} handed its part to a carrier."),
        "delivered" => format!("The part of {seller} was delivered."),
        "completed" => format!("The time to send back the part of {seller} is over."),
        "rto" => format!("The part of {seller} was not taken at the door and goes back."),
        "rto_received" => format!("The part of {seller} is back with it."),
        "returned" => format!("The part of {seller} was sent back."),
        "lost" => format!("The part of {seller} was lost."),
        _ => format!("The part of {seller} has changed."),
    }
}

/// Of pieces that were sent or taken back.
fn with_detail(step: Step<'_>, seller: &str, detail: &str, reader: Reader) -> String {
    match (step.cause, step.to) {
        ("buyer.cancel", _) => format!("{} cancelled {detail}", reader.buyer()),
        ("staff.price_reduced", _) => {
            format!("The marketplace reduced the price of what {seller} sold: {detail}")
        }
        ("staff.suspended", _) => {
            format!("The marketplace suspended {seller} and cancelled {detail}")
        }
        ("staff.cancel", _) => format!("The marketplace cancelled {detail}"),
        ("vendor.reject", _) => format!("{seller} cannot supply {detail}"),
        ("timer.too_late", Some("lost")) | ("timer.lost", _) => {
            format!("What {seller} sent did not arrive in time and counts as lost: {detail}")
        }
        ("timer.too_late", _) => format!("{seller} took too long to supply {detail}"),
        ("stock.commit_failed", _) => format!("{seller} has none left: {detail}"),
        ("vendor.came_back", _) => {
            format!("What {seller} sent was not taken and is back: {detail}")
        }
        ("vendor.ship", _) => format!("{seller} sent {detail}"),
        ("vendor.deliver", Some(_)) => format!("The part of {seller} was delivered: {detail}"),
        ("vendor.deliver", _) => format!("A parcel of {seller} was delivered: {detail}"),
        ("vendor.turned_away", _) => {
            format!("A parcel of {seller} was not taken at the door and goes back: {detail}")
        }
        ("vendor.tracking", _) => format!("{seller} corrected where to follow a parcel: {detail}"),
        ("bank.return_settled", _) => {
            format!("With the money back, nothing more is sent back to {seller}: {detail}")
        }
        ("vendor.lost", _) => format!("What {seller} sent was lost on the way: {detail}"),
        ("staff.lost", _) => {
            format!("What {seller} sent was lost on the way, as the marketplace found: {detail}")
        }
        ("return.credited", _) => format!("Returned to {seller}: {detail}"),
        ("payment.cod_collected", _) => {
            format!("The cash for the part of {seller} was taken at the door: {detail}")
        }
        ("bank.took_back", _) => {
            format!("{} bank took the money back: {detail}", reader.buyers())
        }
        _ => format!("About the part of {seller}: {detail}"),
    }
}

fn remark(cause: &str, detail: &str, reader: Reader) -> String {
    match cause {
        "refund.done" => format!("{detail} went back to {}", reader.to_buyer()),
        "stock.commit_failed" => format!("Some of what was paid for is gone: {detail}"),
        "payment.mismatch" => {
            format!("Money came that is not what was asked for, and a person looks at it: {detail}")
        }
        "payment.unclaimed" => {
            format!("Money came that the order does not need, and it goes back: {detail}")
        }
        _ => format!("A remark: {detail}"),
    }
}

/// `2 x LAMP-18, ..` becomes `2 x Brass lamp, ..`, and a list of SKUs one of titles.
fn with_titles(detail: &str, parts: &[Part]) -> String {
    let lines = || parts.iter().flat_map(|part| &part.lines);
    let title = |word: &str| lines().find(|line| line.sku.as_str() == word).map(|line| &line.title);
    let titles: Option<Vec<_>> = detail.split(' ').map(|word| title(word).cloned()).collect();
    if let Some(titles) = titles {
        return titles.join(", ");
    }
    lines().fold(detail.to_owned(), |told, line| {
        told.replace(&format!(" x {},", line.sku), &format!(" x {},", line.title))
    })
}

/// With a full stop, whatever somebody's own words in it end with.
fn ended(told: &str) -> String {
    if told.ends_with(['.', '!', '?']) { told.to_owned() } else { format!("{told}.") }
}

#[cfg(test)]
mod tests {
    use super::{Author, Reader, Step, sentence};

    #[test]
    fn every_step_of_an_order_has_a_sentence_and_an_author() {
        for (to, cause, told, author) in [
            ("placed", "cart.checkout_requested", "The order was placed.", Author::Buyer),
            (
                "confirmed",
                "payment.captured",
                "The payment arrived, and the order is confirmed.",
                Author::System,
            ),
            (
                "cancelled",
                "timer.window_over",
                "The time to pay is over, and the order is cancelled.",
                Author::Time,
            ),
        ] {
            let step = Step { to: Some(to), cause, detail: None };
            assert_eq!(sentence(step, None, &[], Reader::Buyer), told);
            assert_eq!(Author::of(cause), author);
        }
        assert_eq!(Author::of("vendor.ship"), Author::Seller);
        assert_eq!(Author::of("staff.cancel"), Author::Staff);
    }
}
