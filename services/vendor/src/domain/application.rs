//! What somebody writes who wants to sell.

use kernel::{Gstin, Line, Pan};

use super::address::Address;
use super::bank::{AccountNumber, Payee};
use super::flaw::Flaw;
use super::scheme::{Enrolment, Scheme};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The name on documents.
    pub legal_name: Line<200>,
    /// The name buyers see.
    pub display_name: Line<100>,
    pub gstin: Option<Gstin>,
    /// As far as it was said.
    pub scheme: Option<Scheme>,
    pub enrolment: Option<Enrolment>,
    pub pan: Pan,
    pub address: Address,
    pub account_number: AccountNumber,
    /// The rest of the bank account.
    pub payee: Payee,
}

impl Application {
    /// The scheme, or the one that goes without saying.
    pub fn scheme(&self) -> Scheme {
        self.scheme.unwrap_or(Scheme::unasked(self.gstin.as_ref()))
    }

    /// Checks what the parts say about each other.
    pub fn check(self) -> Result<Self, Vec<Flaw>> {
        let mut flaws = self.address.flaws(self.gstin.as_ref());
        if self.gstin.as_ref().is_some_and(|gstin| gstin.pan() != self.pan) {
            flaws.push(Flaw::at("/gstin", "does not contain the PAN"));
        }
        flaws.extend(self.scheme().flaws(self.gstin.as_ref(), self.enrolment.as_ref()));
        let unnumbered = self.gstin.is_none() && self.enrolment.is_none();
        if self.scheme == Some(Scheme::Enrolled) && unnumbered {
            flaws.push(Flaw::at("/enrolment", "is needed under this scheme"));
        }
        if flaws.is_empty() { Ok(self) } else { Err(flaws) }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Gstin, Ifsc, Line, Pan, Pincode, StateCode};

    use super::{Application, Enrolment, Scheme};
    use crate::domain::address::Address;
    use crate::domain::bank::{AccountNumber, Payee};

    fn application(gstin: Option<&str>, pan: &str, state: &str, pincode: &str) -> Application {
        Application {
            legal_name: Line::parse("Lotus Home Retail Private Limited").unwrap(),
            display_name: Line::parse("Lotus Home").unwrap(),
            gstin: gstin.map(|g| Gstin::parse(g).unwrap()),
            scheme: None,
            enrolment: None,
            pan: Pan::parse(pan).unwrap(),
            address: Address {
                line1: Line::parse("4 Linking Road").unwrap(),
                line2: None,
                city: Line::parse("Mumbai").unwrap(),
                state: StateCode::parse(state).unwrap(),
                pincode: Pincode::parse(pincode).unwrap(),
            },
            account_number: AccountNumber::parse("012345678901").unwrap(),
            payee: Payee {
                ifsc: Ifsc::parse("HDFC0000053").unwrap(),
                holder: Line::parse("Lotus Home Retail").unwrap(),
            },
        }
    }

    fn pointers(application: Application) -> Vec<String> {
        let flaws = application.check().err().unwrap_or_default();
        flaws.into_iter().map(|flaw| flaw.pointer).collect()
    }

    #[test]
    fn registration_account_number_state_and_postal_code_must_agree() {
        let gstin = Some("27AAPFU0939F1ZV");
        assert!(application(gstin, "AAPFU0939F", "27", "400050").check().is_ok());
        assert!(application(None, "AAPFU0939G", "29", "560001").check().is_ok());
        assert_eq!(pointers(application(gstin, "AAPFU0939G", "27", "400050")), ["/gstin"]);
        assert_eq!(pointers(application(gstin, "AAPFU0939F", "29", "560001")), ["/address/state"]);
        assert_eq!(pointers(application(None, "AAPFU0939F", "27", "560001")), ["/address/pincode"]);
        assert_eq!(
            pointers(application(gstin, "AAPFU0939G", "29", "400050")),
            ["/address/pincode", "/address/state", "/gstin"]
        );
    }

    #[test]
    fn whoever_says_to_be_enrolled_names_the_number() {
        let enrolled = Application {
            scheme: Some(Scheme::Enrolled),
            ..application(None, "AAPFU0939G", "29", "560001")
        };
        assert_eq!(pointers(enrolled.clone()), ["/enrolment"]);
        let enrolment = Enrolment::parse("292600000123ENR").unwrap();
        assert!(Application { enrolment: Some(enrolment), ..enrolled }.check().is_ok());
    }
}
