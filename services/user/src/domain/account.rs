//! An account: somebody who signed in at least once.

use jiff::Timestamp;
use kernel::{EmailAddress, Line, Phone, UserId};
use strum::IntoStaticStr;

use super::{Edit, Locale, Rights};

/// Whether an account may sign in.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum AccountStanding {
    /// May sign in.
    Active,
    /// Shut out by staff.
    Suspended {
        /// Why, in staff's words.
        reason: String,
    },
    /// Forgotten on request.
    Erased,
}

impl AccountStanding {
    /// Staff's words, where there are any.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Suspended { reason } => Some(reason),
            Self::Active | Self::Erased => None,
        }
    }
}

/// Somebody who signed in at least once.
#[derive(Debug, Clone)]
pub struct Account {
    pub user_id: UserId,
    /// The address the account was opened with; nothing once erased.
    pub email: Option<EmailAddress>,
    pub name: Option<String>,
    pub phone: Option<Phone>,
    pub locale: Locale,
    pub standing: AccountStanding,
    pub rights: Rights,
    /// Rises with every edit, from 1.
    pub version: i64,
    /// First sign-in.
    pub registered_at: Timestamp,
    /// Last sign-in.
    pub signed_in_at: Timestamp,
}

impl Account {
    pub fn register(email: EmailAddress, rights: Rights, now: Timestamp) -> Self {
        Self {
            user_id: UserId::new(),
            email: Some(email),
            name: None,
            phone: None,
            locale: Locale::default(),
            standing: AccountStanding::Active,
            rights,
            version: 1,
            registered_at: now,
            signed_in_at: now,
        }
    }

    pub fn edit(&mut self, changes: Changes) {
        changes.name.map(Line::into_string).apply(&mut self.name);
        changes.phone.apply(&mut self.phone);
        if let Some(locale) = changes.locale {
            self.locale = locale;
        }
        self.version += 1;
    }

    /// Forgets the person and keeps the id, which orders and invoices refer to.
    pub fn erase(&mut self) {
        self.email = None;
        self.name = None;
        self.phone = None;
        self.locale = Locale::default();
        self.standing = AccountStanding::Erased;
        self.rights = Rights::default();
        self.version += 1;
    }
}

/// An edit of a profile.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub name: Edit<Line<100>>,
    pub phone: Edit<Phone>,
    /// The language, which everybody has.
    pub locale: Option<Locale>,
}
