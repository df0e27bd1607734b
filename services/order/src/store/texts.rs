//! How states and the like are written in the database.

use std::error::Error;

use kernel::{Currency, Money, StateCode};

use crate::domain::order::{Method, PaymentStatus, Reason};
use crate::domain::trouble::Standing;
use crate::domain::{saga, seller_order};

/// A text in a column that nobody wrote there on purpose.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} makes no sense")]
struct Nonsense {
    text: String,
}

/// An unknown `text` in `column`.
fn unknown<T>(column: &str, text: &str) -> sqlx::Result<T> {
    Err(unreadable(column, Nonsense { text: text.to_owned() }))
}

/// A value in `column` that cannot be.
pub fn unreadable(column: &str, source: impl Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(source) }
}

const ORDER_STATES: [(saga::State, &str); 9] = [
    (saga::State::Placed, "placed"),
    (saga::State::Reserving, "reserving"),
    (saga::State::Reserved, "reserved"),
    (saga::State::AwaitingPayment, "awaiting_payment"),
    (saga::State::AwaitingCodOk, "awaiting_cod_ok"),
    (saga::State::CancelPending, "cancel_pending"),
    (saga::State::Confirmed, "confirmed"),
    (saga::State::Rejected, "rejected"),
    (saga::State::Cancelled, "cancelled"),
];

const SELLER_ORDER_STATES: [(seller_order::State, &str); 13] = [
    (seller_order::State::Pending, "pending"),
    (seller_order::State::Confirmed, "confirmed"),
    (seller_order::State::Accepted, "accepted"),
    (seller_order::State::Packed, "packed"),
    (seller_order::State::Shipped, "shipped"),
    (seller_order::State::Delivered, "delivered"),
    (seller_order::State::Completed, "completed"),
    (seller_order::State::VendorRejected, "vendor_rejected"),
    (seller_order::State::SlaExpired, "sla_expired"),
    (seller_order::State::BuyerCancelled, "buyer_cancelled"),
    (seller_order::State::Rto, "rto"),
    (seller_order::State::Returned, "returned"),
    (seller_order::State::Cancelled, "cancelled"),
];

const METHODS: [(Method, &str); 2] = [(Method::Upi, "upi"), (Method::Cod, "cod")];

const PAYMENT_STATUSES: [(PaymentStatus, &str); 7] = [
    (PaymentStatus::NotRequested, "not_requested"),
    (PaymentStatus::Requested, "requested"),
    (PaymentStatus::Created, "created"),
    (PaymentStatus::Captured, "captured"),
    (PaymentStatus::Cancelled, "cancelled"),
    (PaymentStatus::CodAccepted, "cod_accepted"),
    (PaymentStatus::CodRefused, "cod_refused"),
];

const REASONS: [(Reason, &str); 3] = [
    (Reason::PaymentWindowOver, "payment_window_over"),
    (Reason::BuyerCancelled, "buyer_cancelled"),
    (Reason::CodRefused, "cod_refused"),
];

const STANDINGS: [(Standing, &str); 3] =
    [(Standing::Coming, "coming"), (Standing::On, "on"), (Standing::Off, "off")];

/// Something that is written as one of a few words.
pub trait Word: Copy + PartialEq + 'static {
    /// Every value and its word.
    const TABLE: &'static [(Self, &'static str)];

    /// The word.
    fn word(self) -> &'static str {
        Self::TABLE.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    /// The value that `text`, found in `column`, stands for.
    fn read(column: &str, text: &str) -> sqlx::Result<Self> {
        match Self::TABLE.iter().find(|(_, word)| *word == text) {
            Some((value, _)) => Ok(*value),
            None => unknown(column, text),
        }
    }
}

impl Word for saga::State {
    const TABLE: &'static [(Self, &'static str)] = &ORDER_STATES;
}
impl Word for seller_order::State {
    const TABLE: &'static [(Self, &'static str)] = &SELLER_ORDER_STATES;
}
impl Word for Method {
    const TABLE: &'static [(Self, &'static str)] = &METHODS;
}
impl Word for PaymentStatus {
    const TABLE: &'static [(Self, &'static str)] = &PAYMENT_STATUSES;
}
impl Word for Reason {
    const TABLE: &'static [(Self, &'static str)] = &REASONS;
}
impl Word for Standing {
    const TABLE: &'static [(Self, &'static str)] = &STANDINGS;
}

/// Reads a currency.
pub fn currency(text: &str) -> sqlx::Result<Currency> {
    Currency::parse(text).map_err(|error| unreadable("currency", error))
}

/// Reads the code of a state of India.
pub fn state_code(text: &str) -> sqlx::Result<StateCode> {
    StateCode::parse(text).map_err(|error| unreadable("state", error))
}

/// Reads a count that is never negative.
pub fn count(column: &str, number: i32) -> sqlx::Result<u32> {
    u32::try_from(number).map_err(|error| unreadable(column, error))
}

/// Writes a count.
pub fn number(count: u32) -> sqlx::Result<i32> {
    i32::try_from(count).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// The smallest units of many amounts.
pub fn minors(amounts: impl Iterator<Item = Money>) -> Vec<i64> {
    amounts.map(Money::minor).collect()
}

#[cfg(test)]
mod tests {
    use super::{Method, PaymentStatus, Reason, Standing, Word, saga, seller_order};

    fn assert_round_trip<W: Word + std::fmt::Debug>() {
        for (value, word) in W::TABLE {
            assert_eq!(value.word(), *word);
            assert_eq!(W::read("column", word).unwrap(), *value);
        }
        let error = W::read("orders.state", "nonsense").unwrap_err().to_string();
        assert!(error.contains("orders.state"), "{error}");
    }

    #[test]
    fn every_word_is_read_as_what_was_written_and_nonsense_is_named() {
        assert_round_trip::<saga::State>();
        assert_round_trip::<seller_order::State>();
        assert_round_trip::<Method>();
        assert_round_trip::<PaymentStatus>();
        assert_round_trip::<Reason>();
        assert_round_trip::<Standing>();
    }

    #[test]
    fn words_in_the_database_are_the_words_clients_read() {
        for (state, word) in saga::State::TABLE {
            assert_eq!(serde_json::to_value(state).unwrap(), *word);
        }
        for (state, word) in seller_order::State::TABLE {
            assert_eq!(serde_json::to_value(state).unwrap(), *word);
        }
    }
}
