//! Who is calling: access tokens, the keys that verify them, and the roles a handler asks for in its signature.

pub mod acting;
pub mod callers;
pub mod keyring;
pub mod token;

pub use acting::{Act, Acting};
pub use callers::{Buyer, Caller, Member, Permission, Staff, VendorOf, VendorSeen, may};
pub use keyring::Keyring;
pub use token::{Claims, Signer};
