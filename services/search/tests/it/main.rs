//! What somebody who searches the mall would notice.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on stops")]

mod attacks;
mod crowds;
mod doors;
mod facets;
mod facts;
mod hostile;
mod live;
mod paging;
mod scripts;
mod shop;
mod suggestions;
mod vendors;
mod words;
