//! Whom stories ask for their cues.

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::sync::{Mutex, mpsc, oneshot};

/// What a story waits for, in the order in which they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cue {
    /// It is so late by the clocks of the stack.
    Time(Timestamp),
    /// Every replica of this program is stopped.
    Away(&'static str),
    /// It runs again.
    Back(&'static str),
}

/// A story that waits for its cue.
#[derive(Debug)]
pub struct Waiting {
    pub cue: Cue,
    pub go: oneshot::Sender<()>,
}

/// Whom stories ask for their cues.
#[derive(Debug)]
pub struct Prompter {
    tell: mpsc::UnboundedSender<Waiting>,
    /// Whoever gives the cues hears of the stories here.
    pub told: Mutex<mpsc::UnboundedReceiver<Waiting>>,
}

impl Default for Prompter {
    fn default() -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        Self { tell, told: Mutex::new(told) }
    }
}

impl Prompter {
    /// Waits until it is `at` by the clocks of the stack.
    pub async fn time(&self, at: Timestamp) -> anyhow::Result<()> {
        self.cue(Cue::Time(at)).await
    }

    /// Waits until `program` was stopped.
    pub async fn away(&self, program: &'static str) -> anyhow::Result<()> {
        self.cue(Cue::Away(program)).await
    }

    /// Waits until `program` was started again.
    pub async fn back(&self, program: &'static str) -> anyhow::Result<()> {
        self.cue(Cue::Back(program)).await
    }

    async fn cue(&self, cue: Cue) -> anyhow::Result<()> {
        let (go, gone) = oneshot::channel();
        self.tell.send(Waiting { cue, go }).ok().context("nobody gives cues")?;
        gone.await.context("the cue never came")
    }
}
