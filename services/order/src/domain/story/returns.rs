//! The steps of a return, told to a person.

use super::Reader;

/// A step of a return as it was written down: `2 x LAMP-18, refused: it was used`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told<'a> {
    /// Whose step, and which: `vendor.return_refused`.
    cause: &'a str,
    what: &'a str,
    /// Where it stood afterwards.
    state: &'a str,
    /// What was said with it.
    words: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// Nothing where it is no step of a return.
    pub(super) fn parse(cause: &'a str, detail: &'a str) -> Option<Self> {
        cause.split_once('.')?.1.strip_prefix("return")?;
        let (head, words) = match detail.split_once(": ") {
            Some((head, words)) => (head, Some(words)),
            None => (detail, None),
        };
        let (what, state) = head.rsplit_once(", ")?;
        Some(Self { cause, what, state, words })
    }

    /// What happened. `name` puts titles in the place of SKUs, which a comma follows.
    pub(super) fn sentence(
        self,
        seller: &str,
        reader: Reader,
        name: impl Fn(&str) -> String,
    ) -> String {
        let what = name(&format!("{},", self.what));
        let what = what.strip_suffix(',').unwrap_or(&what);
        let told = by_somebody(self.cause, what, seller, reader);
        let told = told.unwrap_or_else(|| by_time(self.state, what));
        self.words.map_or(told.clone(), |words| format!("{told}: {words}"))
    }
}

fn by_somebody(cause: &str, what: &str, seller: &str, reader: Reader) -> Option<String> {
    let buyer = reader.buyer();
    Some(match cause {
        "buyer.return" => format!("{buyer} asked {seller} to take back {what}"),
        "buyer.return_withdrawn" => format!("{buyer} withdrew the return of {what}"),
        "buyer.return_sent_back" => format!("{buyer} sent {what} back to {seller}"),
        "buyer.return_contested" => {
            format!("{buyer} contested that the return of {what} was refused")
        }
        "vendor.return_approved" => format!("{seller} approved the return of {what}"),
        "vendor.return_refused" => format!("{seller} refused the return of {what}"),
        "vendor.return_received" => format!("{seller} received the return of {what}"),
        "vendor.return_contested" => format!("{seller} contested the return of {what}"),
        "staff.return_approved" => format!("The marketplace approved the return of {what}"),
        "staff.return_credited" => {
            format!("The marketplace decided that the return of {what} is paid back")
        }
        "staff.return_refused" => format!("The marketplace refused the return of {what}"),
        _ => return None,
    })
}

fn by_time(state: &str, what: &str) -> String {
    match state {
        "approved" => format!("Nobody answered in time, so the return of {what} is approved"),
        "credited" => format!("Nobody answered in time, so the return of {what} is paid back"),
        "expired" => format!("It was not sent in time, so the return of {what} is over"),
        "refused for good" => {
            format!("The refusal was not contested in time, so the return of {what} stays refused")
        }
        "settled" => format!("The bank gave the money back, so the return of {what} is over"),
        _ => format!("The return of {what} is {state}"),
    }
}

#[cfg(test)]
mod tests;
