//! What a check is, and what comes of it.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::stack::StackHandles;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// How many things it looked at.
    pub checked: usize,
    /// What is wrong, a sentence each.
    pub violations: Vec<String>,
    /// What it could not look at, and why.
    pub unseen: Vec<String>,
}

impl Finding {
    /// Nothing of its kind is there, or cannot be seen from here.
    #[must_use]
    pub fn unseen(why: impl Into<String>) -> Self {
        Self { unseen: vec![why.into()], ..Self::default() }
    }

    /// Notes a violation.
    pub fn wrong(&mut self, sentence: String) {
        self.violations.push(sentence);
    }

    /// Notes what could not be looked at, and why.
    pub fn not_seen(&mut self, why: String) {
        self.unseen.push(why);
    }

    /// Adds what another look found.
    pub fn add(&mut self, other: Self) {
        self.checked += other.checked;
        self.violations.extend(other.violations);
        self.unseen.extend(other.unseen);
    }
}

/// A check at work.
pub type CheckFuture<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Finding>> + Send + 'a>>;

/// One invariant.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its number among the invariants.
    pub id: u8,
    /// What it promises.
    pub name: &'static str,
    /// Looks at everything there is.
    pub look: fn(&StackHandles) -> CheckFuture<'_>,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The invariant's number.
    pub id: u8,
    /// What it promises.
    pub name: &'static str,
    /// Whether it holds; open when there was nothing to check.
    pub ok: Option<bool>,
    /// How many things it looked at.
    pub checked: usize,
    /// What is wrong, a sentence each.
    pub violations: Vec<String>,
    /// What it could not look at, and why.
    pub unseen: Vec<String>,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

impl Outcome {
    /// The verdict in a word or two.
    pub fn verdict(&self) -> &'static str {
        match self.ok {
            Some(true) => "ok",
            Some(false) => "BROKEN",
            None => "nothing to check",
        }
    }
}

/// How often a violation must be seen to count: on a living stand two databases are never read at the same instant.
const LOOKS: usize = 3;
const PAUSE: Duration = Duration::from_secs(2);

impl Check {
    /// Looks; what seems wrong is looked at again, and only what stays wrong is.
    pub async fn run(&self, stack: &StackHandles) -> Outcome {
        let started = Instant::now();
        let mut found = self.once(stack).await;
        for _ in 1..LOOKS {
            if found.violations.is_empty() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            stack.look_anew().await;
            let before: BTreeSet<String> = found.violations.into_iter().collect();
            found = self.once(stack).await;
            found.violations.retain(|violation| before.contains(violation));
        }
        self.outcome(found, started)
    }

    fn outcome(&self, found: Finding, started: Instant) -> Outcome {
        let sound = found.violations.is_empty();
        Outcome {
            id: self.id,
            name: self.name,
            ok: (found.checked > 0 || !sound).then_some(sound),
            checked: found.checked,
            violations: found.violations,
            unseen: found.unseen,
            ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    async fn once(&self, stack: &StackHandles) -> Finding {
        (self.look)(stack).await.unwrap_or_else(|error| Finding {
            violations: vec![format!("this could not be checked: {error:#}")],
            ..Finding::default()
        })
    }
}
