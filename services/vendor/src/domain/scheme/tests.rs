//! Under which scheme of goods and services tax a seller supplies.

use kernel::Gstin;

use super::{Enrolment, Scheme};

#[test]
fn a_scheme_fits_the_numbers_there_are() {
    let (gstin, enrolment) =
        (Gstin::parse("27AAPFU0939F1ZV").unwrap(), Enrolment::parse(" 272600000123enr").unwrap());
    let (gstin, enrolment) = (Some(&gstin), Some(&enrolment));
    let pointers = |scheme: Scheme, gstin, enrolment| -> Vec<String> {
        scheme.flaws(gstin, enrolment).into_iter().map(|flaw| flaw.pointer).collect()
    };
    for scheme in [Scheme::Regular, Scheme::Composition] {
        assert!(pointers(scheme, gstin, None).is_empty());
        assert_eq!(pointers(scheme, None, None), ["/gstin"]);
        assert_eq!(pointers(scheme, gstin, enrolment), ["/enrolment"]);
    }
    assert!(pointers(Scheme::Enrolled, None, enrolment).is_empty());
    assert_eq!(pointers(Scheme::Enrolled, gstin, None), ["/scheme"]);
    assert!(Enrolment::parse("27260000012").is_err());
}
