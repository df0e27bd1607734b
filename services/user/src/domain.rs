//! The rules: pure, without database, network or clock.

mod account;
mod address;
mod authenticator;
mod code;
mod edit;
mod locale;
mod network;
mod recovery;
mod refused;
mod rights;
mod rotation;
mod session;

pub use account::{Account, AccountStanding, Changes};
pub use address::{Address, Place};
pub use authenticator::{Authenticator, Secret, is_fresh};
pub use code::{Code, Pepper, SIGN_IN};
pub use edit::Edit;
pub use locale::Locale;
pub use network::network_of;
pub use recovery::{RECOVERY_CODES, RecoveryCode, SecondCode};
pub use refused::Refused;
pub use rights::{Own, Rights};
pub use rotation::{SigningKey, Turn, retires_at, takes_over_at, turn};
pub use session::{
    ACCESS, Life, OpaqueToken, Presented, RefreshToken, Spent, Verdict, forget_at, forgotten_before,
};
