//! Roles and permissions, and who may give them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Refused;

const STAFF: &str = "admin";
const BUYER: &str = "buyer";
/// The permission that lets staff change the rights of others.
const MANAGE_USERS: &str = "users.manage";

/// What an account may do. Everybody is a buyer; acting for a seller follows from membership and is not listed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rights {
    roles: BTreeSet<String>,
    permissions: BTreeSet<String>,
}

impl Default for Rights {
    /// What everybody may do.
    fn default() -> Self {
        Self { roles: BTreeSet::from([BUYER.to_owned()]), permissions: BTreeSet::new() }
    }
}

impl Rights {
    pub fn staff(permissions: &[&str]) -> Self {
        let mut rights = Self::default();
        rights.roles.insert(STAFF.to_owned());
        rights.permissions = permissions.iter().map(|p| (*p).to_owned()).collect();
        rights
    }

    /// Reads a wish; `known` are the permissions there are.
    pub fn parse(
        roles: Vec<String>,
        permissions: Vec<String>,
        known: &[&str],
    ) -> Result<Self, Refused> {
        let refuse = |pointer, why| Err(Refused::Field { pointer, why });
        let rights = Self::kept(roles, permissions);
        if !rights.roles.contains(BUYER) {
            return refuse("/roles", "roles: everybody is a buyer");
        }
        if rights.roles.iter().any(|role| role != BUYER && role != STAFF) {
            return refuse("/roles", "roles: only buyer and admin can be given");
        }
        if rights.permissions.iter().any(|p| !known.contains(&p.as_str())) {
            return refuse("/permissions", "permissions: no such permission");
        }
        if !rights.is_staff() && !rights.permissions.is_empty() {
            return refuse("/permissions", "permissions: only an admin can have any");
        }
        Ok(rights)
    }

    /// What was kept.
    pub fn kept(roles: Vec<String>, permissions: Vec<String>) -> Self {
        Self { roles: roles.into_iter().collect(), permissions: permissions.into_iter().collect() }
    }

    /// The roles, sorted.
    pub fn roles(&self) -> Vec<String> {
        self.roles.iter().cloned().collect()
    }

    /// The permissions, sorted.
    pub fn permissions(&self) -> Vec<String> {
        self.permissions.iter().cloned().collect()
    }

    pub fn is_staff(&self) -> bool {
        self.roles.contains(STAFF)
    }

    /// Whether the rights of others can be changed with these.
    pub fn manages_users(&self) -> bool {
        self.is_staff() && self.permissions.contains(MANAGE_USERS)
    }

    /// Whether everything in here is in `other` too.
    pub fn is_within(&self, other: &Self) -> bool {
        self.roles.is_subset(&other.roles) && self.permissions.is_subset(&other.permissions)
    }

    /// What `giver` may make of these rights: `next`, unless it adds something to the giver's own or something the
    /// giver does not hold.
    pub fn give(&self, next: &Self, giver: &Self, own: Own) -> Result<(), Refused> {
        let limit = match own {
            Own::Yes => self.clone(),
            Own::No => Self {
                roles: &self.roles | &giver.roles,
                permissions: &self.permissions | &giver.permissions,
            },
        };
        if next.is_within(&limit) { Ok(()) } else { Err(Refused::TooHigh) }
    }
}

/// Whether somebody changes their own rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    Yes,
    No,
}

#[cfg(test)]
mod tests {
    use super::{Own, Rights};
    use crate::domain::Refused;

    const KNOWN: &[&str] = &["look", "users.manage"];

    fn parse(roles: &[&str], permissions: &[&str]) -> Result<Rights, Refused> {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Rights::parse(owned(roles), owned(permissions), KNOWN)
    }

    #[test]
    fn only_known_rights_can_be_given() {
        assert_eq!(parse(&["buyer"], &[]).unwrap(), Rights::default());
        assert_eq!(parse(&["admin", "buyer"], &["look"]).unwrap(), Rights::staff(&["look"]));
        assert!(parse(&["admin"], &["look"]).is_err());
        assert!(parse(&["buyer", "vendor"], &[]).is_err());
        assert!(parse(&["buyer", "admin"], &["everything"]).is_err());
        assert!(parse(&["buyer"], &["look"]).is_err());
    }

    #[test]
    fn nobody_raises_their_own_rights_but_may_lower_them() {
        let own = Rights::staff(&["users.manage"]);
        let more = Rights::staff(KNOWN);
        assert_eq!(own.give(&more, &more, Own::Yes), Err(Refused::TooHigh));
        assert_eq!(own.give(&Rights::default(), &own, Own::Yes), Ok(()));
    }

    #[test]
    fn nobody_gives_what_they_do_not_hold_but_may_leave_it() {
        let giver = Rights::staff(&["users.manage"]);
        let looker = Rights::staff(&["look"]);
        assert_eq!(Rights::default().give(&looker, &giver, Own::No), Err(Refused::TooHigh));
        assert_eq!(looker.give(&Rights::staff(KNOWN), &giver, Own::No), Ok(()));
        assert_eq!(looker.give(&Rights::default(), &giver, Own::No), Ok(()));
    }
}
