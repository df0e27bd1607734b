//! Mail itself: written from templates, handed to the mail server.

mod mailer;
mod money_waits;
mod sources;
mod templates;
mod words;

pub use mailer::{Letterhead, Mailer, Reply};
pub use templates::{Particulars, Templates, Written};
