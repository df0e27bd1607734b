//! Order numbers: what people read to each other over the phone.

use jiff::Timestamp;
use kernel::india;

/// The number of the order that is the `counter`th ever, placed at `at`. Gaps mean nothing.
pub fn order_number(counter: i64, at: Timestamp) -> String {
    let date = india::day(at);
    let (year, month, day) = (date.year().rem_euclid(100), date.month(), date.day());
    format!("M{year:02}{month:02}{day:02}-{counter:06}")
}

/// The number of the order's `nth` seller order, from 1.
pub fn seller_order_number(order: &str, nth: usize) -> String {
    format!("{order}-{nth}")
}

#[cfg(test)]
mod tests {
    use super::{order_number, seller_order_number};

    #[test]
    fn the_day_is_indias() {
        let late = "2026-11-22T18:29:59Z".parse().unwrap();
        let later = "2026-11-22T18:30:00Z".parse().unwrap();
        assert_eq!(order_number(1, late), "M261122-000001");
        assert_eq!(order_number(2, later), "M261123-000002");
    }

    #[test]
    fn the_counter_grows_out_of_its_six_digits() {
        let noon = "2026-01-02T12:00:00Z".parse().unwrap();
        assert_eq!(order_number(1_234_567, noon), "M260102-1234567");
        assert_eq!(seller_order_number("M260102-000007", 3), "M260102-000007-3");
    }
}
