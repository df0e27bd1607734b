//! The four characters that a seller's invoice numbers begin with.

const BASE36: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Every prefix that would do for `display_name`, the nicest first: its first letters, then fewer letters and a
/// number, then whatever is left. All are four of `A-Z0-9` and none begins with 0, as Rule 46 asks of invoice numbers.
pub fn candidates(display_name: &str) -> impl Iterator<Item = String> {
    let stem = stem(display_name);
    let numbered = {
        let stem = stem.clone();
        (1..1000_u32).map(move |n| {
            let digits = n.to_string();
            let letters: String = stem.chars().take(4 - digits.len()).collect();
            format!("{letters}{digits}")
        })
    };
    std::iter::once(stem).chain(numbered).chain((36_usize.pow(3)..36_usize.pow(4)).map(base36))
}

/// The first four letters and digits, filled up so that there are four.
fn stem(display_name: &str) -> String {
    let plain = display_name.chars().filter(char::is_ascii_alphanumeric);
    let mut stem: String =
        plain.map(|c| c.to_ascii_uppercase()).skip_while(|c| *c == '0').take(4).collect();
    if stem.is_empty() {
        stem.push('V');
    }
    format!("{stem:0<4}")
}

fn base36(number: usize) -> String {
    [36_usize.pow(3), 36_usize.pow(2), 36, 1]
        .into_iter()
        .map(|place| char::from(BASE36[number / place % 36]))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::candidates;

    #[test]
    fn the_name_gives_the_prefix_and_numbers_help_out() {
        let first = |name: &str| candidates(name).next().unwrap();
        assert_eq!(first("Lotus Home"), "LOTU");
        assert_eq!(first("0 Mile"), "MILE");
        assert_eq!(first("आशा"), "V000");
        assert_eq!(first("Zé"), "Z000");
        let nicest: Vec<String> = candidates("Lotus Home").take(12).collect();
        assert_eq!(
            nicest[1..],
            [
                "LOT1", "LOT2", "LOT3", "LOT4", "LOT5", "LOT6", "LOT7", "LOT8", "LOT9", "LO10",
                "LO11"
            ]
        );
    }

    #[test]
    fn no_prefix_that_there_is_is_left_out() {
        let all: BTreeSet<String> = candidates("Lotus").collect();
        assert_eq!(all.len(), 35 * 36 * 36 * 36);
    }

    proptest! {
        #[test]
        fn every_candidate_is_a_prefix(name in ".{0,40}") {
            for prefix in candidates(&name).take(1010) {
                prop_assert_eq!(prefix.len(), 4);
                prop_assert!(prefix.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
                prop_assert!(!prefix.starts_with('0'));
            }
        }
    }
}
