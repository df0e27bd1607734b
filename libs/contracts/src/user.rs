//! What user-service says: accounts, contacts, signing keys, revocations, codes to be mailed.

use jiff::Timestamp;
use kernel::{AddressId, EmailAddress, Id, Phone, Pincode, SessionId, StateCode, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

/// Why an account's state was said again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountChange {
    /// First sign-in.
    Registered,
    /// Profile or address book edited.
    Updated,
    /// Roles, permissions or memberships changed.
    RoleChanged,
    /// Suspended or let back in.
    StandingChanged,
    /// The person asked to be forgotten.
    Erased,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Whether an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// May sign in.
    Active,
    /// Shut out by staff.
    Suspended,
    /// Forgotten on request.
    Erased,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Which edition of an address is the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddressEdition {
    /// Which address.
    pub address_id: AddressId,
    /// Its edition, from 1.
    pub version: i32,
}

/// An account as it stands, without personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountUpdated {
    /// Whose account.
    pub user_id: UserId,
    /// What changed.
    pub change: AccountChange,
    /// Whether it may sign in.
    pub status: AccountStatus,
    /// Roles held.
    pub roles: Vec<String>,
    /// The addresses in the address book, without their contents.
    pub address_ids: Vec<AddressId>,
    /// Their present editions; empty in what was said before editions were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address_editions: Vec<AddressEdition>,
    /// First sign-in.
    pub registered_at: Timestamp,
    /// The member of staff who changed it; open when nobody of staff did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<UserId>,
}

/// One entry of an address book. Edits raise the version; old versions are never reused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactAddress {
    /// Which entry.
    pub address_id: AddressId,
    /// Which edition of it, from 1.
    pub version: i32,
    /// Who receives parcels there.
    pub recipient: String,
    /// Whom the courier calls.
    pub phone: Phone,
    /// House and street.
    pub line1: String,
    /// Area or landmark.
    pub line2: Option<String>,
    /// Town.
    pub city: String,
    /// GST state code: the place of supply of what is sent there.
    pub state: StateCode,
    /// Postal index number.
    pub pincode: Pincode,
}

/// How to reach a person. Restricted: only for services that write to people or print documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactUpdated {
    /// Whose contact.
    pub user_id: UserId,
    /// Verified mail address.
    pub email: EmailAddress,
    /// Name, once given.
    pub name: Option<String>,
    /// Phone, once given.
    pub phone: Option<Phone>,
    /// BCP 47 language tag.
    pub locale: String,
    /// The address book.
    pub addresses: Vec<ContactAddress>,
}

/// The public half of a token signing key (Ed25519, RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyPublished {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// The public key, base64url without padding.
    pub x: String,
    /// Tokens are signed with it from here on.
    pub not_before: Timestamp,
    /// After this instant no token signed with it is valid any more; open while in use.
    pub retires_at: Option<Timestamp>,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// Its owner signed out.
    SignedOut,
    /// One of its refresh tokens came twice: somebody else may hold a copy.
    TokenReused,
    /// The account was suspended, lost rights or was erased.
    AccountChanged,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A session whose access tokens must no longer be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionRevoked {
    /// Which session (`sid` of its tokens).
    pub session_id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// When it ended.
    pub revoked_at: Timestamp,
    /// When its last access token has expired by itself.
    pub forget_at: Timestamp,
    /// Why; open in what was said before this field was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<SessionEnd>,
}

/// Marks challenge ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChallengeMark {}
/// Which request for a sign-in code.
pub type ChallengeId = Id<ChallengeMark>;

/// Asks email-service to mail a sign-in code. Address and code are sealed; the broker never sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SendOtp {
    /// Which challenge the code answers.
    pub challenge_id: ChallengeId,
    /// [`OtpLetter`] as JSON, sealed with the key user-service and email-service share; the challenge id is the
    /// associated data.
    pub sealed: String,
    /// After this instant the code is worthless and must not be sent.
    pub expires_at: Timestamp,
}

/// What is inside [`SendOtp::sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpLetter {
    /// To whom.
    pub to: EmailAddress,
    /// The six digits.
    pub code: String,
    /// How long they are good for.
    pub minutes: u32,
}

events! {
    AccountUpdated = "user.updated.v1" on USER_ACCOUNT_STATE by user_id;
    ContactUpdated = "user.contact_updated.v1" on USER_CONTACT_STATE by user_id;
    KeyPublished = "user.key_published.v1" on USER_KEY_STATE by kid;
    SessionRevoked = "user.session_revoked.v1" on USER_REVOCATION_STATE by session_id;
    SendOtp = "email.send_otp.v1" on EMAIL_OTP_CMD by challenge_id;
}
