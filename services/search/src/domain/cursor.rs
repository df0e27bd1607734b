//! Where a page ended. The place is made of the hit itself, never of a count of hits, so a page
//! goes on where the last one ended even when other products came or went.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A place as text: one byte of order, two sort keys and the id.
const BYTES: usize = 1 + 8 + 8 + 16;

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Products, the best match first.
    Relevance,
    /// Products, the cheapest first.
    PriceUp,
    /// Products, the dearest first.
    PriceDown,
    /// Products, the newest first.
    Newest,
    /// Products, the best rated first.
    Rating,
    /// Vendors, the best match first.
    Vendors,
}

impl Order {
    /// Tells the cursors of one order from those of another.
    const fn code(self) -> u8 {
        match self {
            Self::Relevance => b'r',
            Self::PriceUp => b'u',
            Self::PriceDown => b'd',
            Self::Newest => b'n',
            Self::Rating => b's',
            Self::Vendors => b'v',
        }
    }
}

/// The place of a hit in a list; the smaller, the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What the list is sorted by.
    pub first: u64,
    /// What decides among equals.
    pub second: u64,
    /// Who it is, so that no two places are the same.
    pub id: u128,
}

impl Place {
    /// Writes the place down as an opaque text.
    pub fn encode(self, order: Order) -> String {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(order.code());
        bytes.extend_from_slice(&self.first.to_be_bytes());
        bytes.extend_from_slice(&self.second.to_be_bytes());
        bytes.extend_from_slice(&self.id.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a place back, which must come from a list of the same order.
    #[must_use]
    pub fn decode(text: &str, order: Order) -> Option<Self> {
        // Longer texts are not decoded at all.
        if text.len() > BYTES * 2 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (code, rest) = bytes.split_first()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (second, rest) = rest.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk()?;
        (*code == order.code() && rest.is_empty()).then(|| Self {
            first: u64::from_be_bytes(*first),
            second: u64::from_be_bytes(*second),
            id: u128::from_be_bytes(*id),
        })
    }
}

#[cfg(test)]
mod tests;
