//! Where a document's number comes from.

use jiff::Timestamp;
use kernel::{FinancialYear, InvoiceNumber, VendorId};
use strum::{EnumString, IntoStaticStr};

use super::flaw::Flaw;

/// What a row of numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SeriesKind {
    /// Invoices and bills of supply.
    Sale,
    /// Credit notes.
    Credit,
}

impl SeriesKind {
    /// As the counters name it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The number after `last` in `year`, and as it is written with the prefix of whose it is.
    pub fn next(
        self,
        last: i32,
        prefix: &str,
        year: FinancialYear,
    ) -> Result<(i32, InvoiceNumber), Flaw> {
        let serial = last.checked_add(1).ok_or(Flaw::SeriesFull)?;
        let n = u32::try_from(serial).map_err(|_| Flaw::SeriesFull)?;
        if n > InvoiceNumber::LAST {
            return Err(Flaw::SeriesFull);
        }
        let number = match self {
            Self::Sale => InvoiceNumber::compose(prefix, year, n)?,
            Self::Credit => InvoiceNumber::compose_credit(prefix, year, n)?,
        };
        Ok((serial, number))
    }
}

/// As [`Series::moment`], in `year`.
pub fn moment_in(year: FinancialYear, now: Timestamp, before: Timestamp) -> Timestamp {
    if FinancialYear::of(now) == year { now } else { before }
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

    /// When a document of this series is issued: at `now`, which is read once the counter is locked, so that numbers and
    /// moments have one order; but at `before`, which the year was read off, if the year turned while it was waited for.
    pub fn moment(&self, now: Timestamp, before: Timestamp) -> Timestamp {
        moment_in(self.year, now, before)
    }

    /// The kind of document, as the counters name it.
    pub fn kind(&self) -> &'static str {
        self.kind.as_str()
    }

    /// The number after `last`, and as it is written with the seller's prefix.
    pub fn next(&self, last: i32, prefix: &str) -> Result<(i32, InvoiceNumber), Flaw> {
        self.kind.next(last, prefix, self.year)
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
        assert_eq!(credits.next(999_999, "A1B2").unwrap().1.as_str(), "A1B2D2627/000001");
    }

    #[test]
    fn a_full_row_is_followed_by_a_second_one() {
        let series = at("2026-11-22T12:00:00Z");
        let number = |last| series.next(last, "A1B2").unwrap();
        assert_eq!(number(999_998).1.as_str(), "A1B2/2627/999999");
        assert_eq!(
            (number(999_999).0, number(999_999).1.as_str()),
            (1_000_000, "A1B2B2627/000001")
        );
        assert_eq!(number(1_999_997).1.as_str(), "A1B2B2627/999999");
    }

    #[test]
    fn a_full_series_gives_no_further_number() {
        assert_eq!(at("2026-11-22T12:00:00Z").next(1_999_998, "A1B2"), Err(Flaw::SeriesFull));
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
