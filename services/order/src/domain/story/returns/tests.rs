//! The steps of a return, told to a person.

use super::{Reader, Told};

fn told(cause: &str, detail: &str, reader: Reader) -> String {
    let name = |what: &str| what.replace(" x HORSE,", " x Toy horse, red,");
    Told::parse(cause, detail).unwrap().sentence("Kaveri", reader, name)
}

#[test]
fn every_step_says_whose_it_is_and_what_it_is_about() {
    for (cause, detail, expected) in [
        (
            "buyer.return",
            "1 x HORSE, requested: A wheel, the left one: loose",
            "You asked Kaveri to take back 1 x Toy horse, red: A wheel, the left one: loose",
        ),
        (
            "vendor.return_approved",
            "1 x HORSE, approved",
            "Kaveri approved the return of 1 x Toy horse, red",
        ),
        (
            "timer.return_over",
            "1 x HORSE, 2 x HORSE, approved",
            "Nobody answered in time, so the return of 1 x Toy horse, red, 2 x Toy horse, red is approved",
        ),
        ("bank.return_over", "1 x HORSE, ended", "The return of 1 x Toy horse, red is ended"),
    ] {
        assert_eq!(told(cause, detail, Reader::Buyer), expected);
    }
    let told = told("buyer.return_withdrawn", "1 x HORSE, withdrawn", Reader::Staff);
    assert_eq!(told, "The buyer withdrew the return of 1 x Toy horse, red");
    assert_eq!(Told::parse("return.credited", "1 x HORSE, ₹450.00 back"), None);
    assert_eq!(Told::parse("vendor.ship", "1 x HORSE, India Post EE1"), None);
}
