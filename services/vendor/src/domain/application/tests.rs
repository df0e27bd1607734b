//! What somebody writes who wants to sell.

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
