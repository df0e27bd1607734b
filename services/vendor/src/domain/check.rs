//! What a machine can say of an application before staff look at it. Whether a number is true, only documents say.

use kernel::{Gstin, Pan, VendorId};
use strum::{IntoStaticStr, VariantNames};

use super::vendor::Vendor;

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Outcome {
    Passed,
    /// A person has to look.
    Look,
    /// As it is it cannot be approved.
    Failed,
}

/// One check, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: &'static str,
    pub outcome: Outcome,
    pub says: String,
    /// The other sellers that it is about.
    pub vendors: Vec<VendorId>,
}

/// Another seller with a number of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each number is shared or not")]
pub struct Twin {
    pub vendor_id: VendorId,
    /// Whether it was ever let in: then its registration is its own.
    pub is_approved: bool,
    pub gstin: bool,
    pub pan: bool,
    pub account: bool,
}

/// Words that say in which form a business exists, and no more.
const FORMS: &[&str] = &[
    "pvt", "private", "ltd", "limited", "llp", "opc", "co", "company", "m", "s", "ms", "and", "the",
];

/// All checks of a seller.
pub fn all(vendor: &Vendor, pan: &Pan, twins: &[Twin]) -> Vec<Check> {
    let gstin = vendor.gstin.as_ref();
    let mut checks: Vec<Check> = gstin.map(registration).into_iter().collect();
    checks.push(holder(pan, gstin));
    let branch = &vendor.payee.ifsc;
    let bank = branch.bank();
    checks.push(passed(
        "ifsc",
        format!("{branch} has the form of a branch of {bank}; it was not looked up"),
    ));
    checks.push(names(vendor.legal_name.as_str(), vendor.payee.holder.as_str()));
    if gstin.is_some() {
        checks.push(same("same_gstin", "this GSTIN", twins, |twin| twin.gstin, Outcome::Failed));
    }
    checks.push(same("same_pan", "this PAN", twins, |twin| twin.pan, Outcome::Look));
    checks.push(same(
        "same_account",
        "this bank account",
        twins,
        |twin| twin.account,
        Outcome::Look,
    ));
    checks
}

fn passed(name: &'static str, says: String) -> Check {
    Check { name, outcome: Outcome::Passed, says, vendors: Vec::new() }
}

/// What contradicts it was refused when it was written down.
fn registration(gstin: &Gstin) -> Check {
    let state = gstin.state().current().name();
    passed(
        "gstin",
        format!("its check digit is right; it is registered in {state}, as the address says"),
    )
}

fn holder(pan: &Pan, gstin: Option<&Gstin>) -> Check {
    let kind = match pan.holder() {
        'P' => "a person",
        'C' => "a company",
        'F' => "a firm or LLP",
        'H' => "a Hindu undivided family",
        'T' => "a trust",
        'A' | 'B' => "an association or body of individuals",
        'L' => "a local authority",
        'G' => "a government agency",
        _ => "an artificial juridical person",
    };
    let inside = if gstin.is_some() { "; it is the number in the GSTIN" } else { "" };
    passed("pan", format!("the holder is {kind}{inside}"))
}

/// Whether the account is of who sells. A person who trades under a name of the shop has another one, so nothing fails.
fn names(legal: &str, holder: &str) -> Check {
    let (seller, payee) = (words(legal), words(holder));
    let lacks = |of: &[String], all: &[String]| {
        of.iter().filter(|word| !all.contains(word)).cloned().collect::<Vec<_>>()
    };
    let (more, other) = (lacks(&seller, &payee), lacks(&payee, &seller));
    let (outcome, says) = match (&more[..], &other[..]) {
        ([], []) => {
            (Outcome::Passed, format!("the account is of {holder}, as the legal name says"))
        }
        (more, []) if more.len() < seller.len() => (
            Outcome::Look,
            format!("the account is of {holder}; the legal name has more: {}", more.join(", ")),
        ),
        _ if other.len() < payee.len() => (
            Outcome::Look,
            format!("the account is of {holder}; the legal name has not: {}", other.join(", ")),
        ),
        _ => (
            Outcome::Look,
            format!("the account is of {holder}, which shares no word with the legal name"),
        ),
    };
    Check { name: "names", outcome, says, vendors: Vec::new() }
}

fn words(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !FORMS.contains(word)).map(str::to_owned).collect()
}

fn same(
    name: &'static str,
    what: &str,
    twins: &[Twin],
    has: impl Fn(&Twin) -> bool,
    with_approved: Outcome,
) -> Check {
    let having: Vec<_> = twins.iter().filter(|twin| has(twin)).collect();
    let approved = having.iter().filter(|twin| twin.is_approved).count();
    let (outcome, says) = match (having.len(), approved) {
        (0, _) => (Outcome::Passed, format!("no other seller has {what}")),
        (some, 0) => (
            Outcome::Look,
            format!("{some} more have written {what} down; none of them was approved"),
        ),
        (some, approved) => (
            with_approved,
            format!("{some} more have {what}; {approved} of them may sell, or might"),
        ),
    };
    let vendors = having.into_iter().map(|twin| twin.vendor_id).collect();
    Check { name, outcome, says, vendors }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, names};

    #[test]
    fn a_name_is_compared_without_the_form_of_the_business() {
        for (legal, holder, outcome) in [
            ("Lotus Home Pvt. Ltd.", "LOTUS HOME PRIVATE LIMITED", Outcome::Passed),
            ("M/s Asha & Sons", "Asha and Sons", Outcome::Passed),
            ("Lotus Home", "Asha Rao", Outcome::Look),
            ("आशा स्टोर", "आशा स्टोर", Outcome::Passed),
            ("Lotus Home", "Ltd", Outcome::Look),
        ] {
            assert_eq!(names(legal, holder).outcome, outcome, "{legal} {holder}");
        }
        assert!(names("Lotus", "Asha").says.ends_with("shares no word with the legal name"));
    }
}
