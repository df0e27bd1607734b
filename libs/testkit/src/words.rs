//! Words in columns.

use std::fmt::Debug;
use std::str::FromStr;

/// Each of these words, which tables hold, is read as a value that is written as the same word.
pub fn keeps_words<T: FromStr<Err: Debug> + Into<&'static str>>(words: &str) {
    for word in words.split_whitespace() {
        let value: T = word.parse().expect(word);
        let written: &str = value.into();
        assert_eq!(written, word);
    }
}
