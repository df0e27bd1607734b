//! The SQL, one statement a function; and the codes, which live in Redis.

pub mod accounts;
pub mod addresses;
pub mod authenticators;
pub mod codes;
pub mod half_sign_ins;
pub mod refresh_tokens;
pub mod sessions;
pub mod signing_keys;
pub mod vendors;
