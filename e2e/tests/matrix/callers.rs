//! Who asks, and with which token.

use chassis::auth::Signer;
use mall::person::Person;

use crate::signer::ending_in;

/// Whom an operation is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, signed in or not.
    Public,
    /// Everybody who is signed in, about themselves.
    Themselves,
    /// The buyer whose thing it is.
    Buyer,
    /// The members of the seller whose thing it is.
    Seller,
    /// Staff with this permission.
    Staff(String),
}

impl Audience {
    /// The audience by its name in the table.
    pub fn named(name: &str) -> Self {
        match name {
            "public" => Self::Public,
            "self" => Self::Themselves,
            "buyer" => Self::Buyer,
            "seller" => Self::Seller,
            permission => Self::Staff(permission.to_owned()),
        }
    }

    /// What each caller is told, in the order of the columns, where the one who may is told `answer`.
    pub fn answers<'a>(&self, answer: &'a str) -> [&'a str; 7] {
        match self {
            Self::Public => [answer; 7],
            Self::Themselves => ["401", "401", answer, answer, answer, answer, answer],
            Self::Buyer => ["401", "401", "404", "404", "404", "404", answer],
            Self::Seller => ["401", "401", "403", "403", "404", "403", answer],
            Self::Staff(_) => ["401", "401", "403", "403", "403", "403", answer],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Without a token.
    Anonymous,
    /// With the token of the one who may, 61 seconds after its end: one more than clocks may differ.
    Expired,
    /// Somebody who has to do with it, in another role.
    WrongRole,
    /// A buyer of something else.
    OtherBuyer,
    /// A seller of another part of the same order.
    OtherSeller,
    /// Staff that may do something else.
    StaffWithout,
    /// The one who may.
    Rightful,
}

impl Caller {
    /// In the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Anonymous,
        Self::Expired,
        Self::WrongRole,
        Self::OtherBuyer,
        Self::OtherSeller,
        Self::StaffWithout,
        Self::Rightful,
    ];

    /// Everybody but the one who may.
    pub fn others() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|caller| *caller != Self::Rightful)
    }

    pub fn column(self) -> usize {
        Self::ALL.iter().position(|caller| *caller == self).unwrap()
    }
}

/// Everybody who is signed in.
#[derive(Debug)]
pub struct People {
    /// Whose order it is.
    pub buyer: Person,
    /// Somebody who bought nothing.
    pub other_buyer: Person,
    /// A seller of the order.
    pub seller: Person,
    /// Another seller of the same order.
    pub other_seller: Person,
    /// Staff with every permission.
    pub staff: Person,
    /// Staff that may look, and nothing else.
    pub looks: Person,
    /// Staff that may see to the mail, and nothing else.
    pub mails: Person,
    /// Signs as user-service does.
    pub signer: Signer,
}

impl People {
    /// The token `caller` brings to an operation for `audience`.
    pub fn token(&self, caller: Caller, audience: &Audience) -> Option<String> {
        let bearer = match caller {
            Caller::Anonymous => return None,
            Caller::Expired => {
                let valid = self.rightful(audience).unwrap_or(&self.buyer).access_token();
                return Some(ending_in(&self.signer, valid, -61));
            }
            Caller::WrongRole => self.wrong_role(audience),
            Caller::OtherBuyer => &self.other_buyer,
            Caller::OtherSeller => &self.other_seller,
            Caller::StaffWithout if *audience == Audience::Staff("look".into()) => &self.mails,
            Caller::StaffWithout => &self.looks,
            Caller::Rightful => self.rightful(audience)?,
        };
        Some(bearer.access_token().to_owned())
    }

    fn rightful(&self, audience: &Audience) -> Option<&Person> {
        match audience {
            Audience::Public => None,
            Audience::Themselves | Audience::Buyer => Some(&self.buyer),
            Audience::Seller => Some(&self.seller),
            Audience::Staff(_) => Some(&self.staff),
        }
    }

    fn wrong_role(&self, audience: &Audience) -> &Person {
        match audience {
            Audience::Public | Audience::Themselves | Audience::Buyer => &self.staff,
            Audience::Seller => &self.buyer,
            Audience::Staff(_) => &self.seller,
        }
    }
}
