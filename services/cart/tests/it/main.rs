//! The cart, through its doors, over a real Redis and a real database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod carts;
mod checkout;
mod crashes;
mod live;
mod redis_away;
mod scene;
mod standing;
