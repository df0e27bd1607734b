//! The platform as it stands on its own documents.

use kernel::text::shows;
use kernel::{Gstin, Invalid, InvoiceNumber, Pincode};

use super::party::{Address, Registration, Supplier};

/// Who charges commission, and how its numbers begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// The platform.
    pub supplier: Supplier,
    /// The first four characters of its numbers.
    pub prefix: String,
}

impl Platform {
    /// A registered platform at an address in the state of its registration; `lines` are street and locality.
    pub fn new(
        prefix: &str,
        legal_name: &str,
        gstin: &str,
        lines: Vec<String>,
        city: &str,
        pincode: &str,
    ) -> Result<Self, Invalid> {
        let gstin = Gstin::parse(gstin)?;
        let blank = |text: &str| !text.chars().any(shows);
        if lines.is_empty()
            || lines.iter().any(|line| blank(line))
            || blank(legal_name)
            || blank(city)
        {
            let what = "name and address of the platform";
            return Err(Invalid { what, why: "must not be empty" });
        }
        // As the first number of any year would begin.
        if prefix.len() != 4 || InvoiceNumber::parse(&format!("{prefix}/2627/000001")).is_err() {
            return Err(Invalid {
                what: "prefix of the platform",
                why: "must be 4 letters or digits",
            });
        }
        let address = Address {
            lines,
            city: city.to_owned(),
            state: gstin.state().current(),
            pincode: Some(Pincode::parse(pincode)?),
        };
        let registration = Registration::Regular { gstin };
        let supplier = Supplier { legal_name: legal_name.to_owned(), address, registration };
        Ok(Self { supplier, prefix: prefix.to_ascii_uppercase() })
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    #[test]
    fn a_platform_has_a_name_and_an_address_that_are_seen() {
        let new = |name: &str, line: &str, city: &str| {
            let lines = vec![line.to_owned()];
            Platform::new("MALL", name, "29AABCU9603R1ZJ", lines, city, "560001")
        };
        assert!(new("Mall Private Limited", "12 MG Road", "Bengaluru").is_ok());
        for unseen in ["", " ", "\u{200b}", "\u{3164}\u{2800}"] {
            assert!(new(unseen, "12 MG Road", "Bengaluru").is_err(), "{unseen:?}");
            assert!(new("Mall Private Limited", unseen, "Bengaluru").is_err(), "{unseen:?}");
            assert!(new("Mall Private Limited", "12 MG Road", unseen).is_err(), "{unseen:?}");
        }
    }
}
