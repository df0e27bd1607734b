//! Where a document's number comes from.

use jiff::Timestamp;
use kernel::{FinancialYear, InvoiceNumber, VendorId};
use strum::IntoStaticStr;

use super::flaw::Flaw;

/// What a row of numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SeriesKind {
    /// Invoices and bills of supply.
    Sale,
    /// Credit notes.
    Credit,
}

/// One row of numbers: of a seller, for a year, for one kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    /// Whose numbers.
    pub vendor_id: VendorId,
    /// From 1 April to 31 March by India's clock.
    pub year: FinancialYear,
    /// Of what.
    pub kind: SeriesKind,
}

impl Series {
    /// The series of what `vendor_id` sells at `now`.
    #[must_use]
    pub fn of_sales(vendor_id: VendorId, now: Timestamp) -> Self {
        Self { vendor_id, year: FinancialYear::of(now), kind: SeriesKind::Sale }
    }

    /// The series of what `vendor_id` takes back at `now`, in whatever year it was sold.
    #[must_use]
    pub fn of_credits(vendor_id: VendorId, now: Timestamp) -> Self {
        Self { vendor_id, year: FinancialYear::of(now), kind: SeriesKind::Credit }
    }

    /// The kind of document, as the counters name it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind.into()
    }

    /// The number after `last`, and as it is written with the seller's prefix.
    pub fn next(&self, last: i32, prefix: &str) -> Result<(i32, InvoiceNumber), Flaw> {
        let serial = last.checked_add(1).ok_or(Flaw::SeriesFull)?;
        let n = u32::try_from(serial).map_err(|_| Flaw::SeriesFull)?;
        if n > 999_999 {
            return Err(Flaw::SeriesFull);
        }
        let number = match self.kind {
            SeriesKind::Sale => InvoiceNumber::compose(prefix, self.year, n)?,
            SeriesKind::Credit => InvoiceNumber::compose_credit(prefix, self.year, n)?,
        };
        Ok((serial, number))
    }
}

#[cfg(test)]
mod tests {
    use kernel::VendorId;

    use super::Series;
    use crate::domain::flaw::Flaw;

    fn at(now: &str) -> Series {
        Series::of_sales(VendorId::new(), now.parse().unwrap())
    }

    #[test]
    fn the_series_starts_anew_at_midnight_in_india() {
        let (_, last) = at("2027-03-31T18:29:59Z").next(41, "A1B2").unwrap();
        let (_, first) = at("2027-03-31T18:30:00Z").next(0, "A1B2").unwrap();
        assert_eq!((last.as_str(), first.as_str()), ("A1B2/2627/000042", "A1B2/2728/000001"));
    }

    #[test]
    fn credit_notes_have_a_series_of_their_own() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let credits = Series::of_credits(VendorId::new(), now);
        assert_eq!(credits.kind(), "credit");
        assert_eq!(credits.next(0, "A1B2").unwrap().1.as_str(), "A1B2C2627/000001");
        assert_eq!(credits.next(999_999, "A1B2"), Err(Flaw::SeriesFull));
    }

    #[test]
    fn a_full_series_gives_no_further_number() {
        assert_eq!(at("2026-11-22T12:00:00Z").next(999_999, "A1B2"), Err(Flaw::SeriesFull));
        assert_eq!(at("2026-11-22T12:00:00Z").next(i32::MAX, "A1B2"), Err(Flaw::SeriesFull));
    }

    #[test]
    fn a_prefix_that_no_number_may_begin_with_is_refused() {
        for prefix in ["", "ABC", "0ABC", "AB/C", "ABCDE"] {
            let refused = at("2026-11-22T12:00:00Z").next(0, prefix);
            assert!(matches!(refused, Err(Flaw::Value(_))), "{prefix}: {refused:?}");
        }
    }
}
