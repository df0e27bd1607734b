//! A service that a test runs itself, in the place of the supervised one.

use std::fs::OpenOptions;

use anyhow::Context as _;
use mall::registry;
use mall::reporter::{PATIENCE, until};
use mall::settings::Settings;
use tokio::process::{Child, Command};

use crate::supervisor::signal;

/// Where a stand-in writes its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Nowhere.
    Nowhere,
    /// To a disk that is full.
    FullDisk,
}

impl Log {
    fn path(self) -> &'static str {
        match self {
            Self::Nowhere => "/dev/null",
            Self::FullDisk => "/dev/full",
        }
    }
}

/// A running stand-in.
#[derive(Debug)]
pub struct StandIn {
    name: &'static str,
    child: Child,
}

impl StandIn {
    /// Starts a service with some settings changed. The supervised ones must be stopped.
    pub fn start(
        settings: &Settings,
        name: &'static str,
        changed: &[(&str, &str)],
        log: Log,
    ) -> anyhow::Result<Self> {
        let log = OpenOptions::new().write(true).open(log.path())?;
        let mut command = Command::new(settings.home().join("bin/mall"));
        command.args(["run", name]);
        command.env_clear().envs(registry::variables(&settings.env_dir, name)?);
        command.envs(changed.iter().copied()).kill_on_drop(true);
        let child = command.stdout(log.try_clone()?).stderr(log).spawn()?;
        Ok(Self { name, child })
    }

    /// Asks it to end. Fails if it ended before, or ends badly.
    pub async fn end(mut self) -> anyhow::Result<()> {
        let ended = self.child.try_wait()?;
        anyhow::ensure!(ended.is_none(), "{} ended by itself: {ended:?}", self.name);
        signal(self.child.id().context("no process")?, "-TERM").await?;
        let ended = self.child.wait().await?;
        anyhow::ensure!(ended.success(), "{} ended badly: {ended}", self.name);
        Ok(())
    }
}

/// Waits until a service says that it is ready.
pub async fn ready(settings: &Settings, name: &str) -> anyhow::Result<()> {
    let common = registry::common(&settings.env_dir, name)?;
    let url = format!("http://{}/readyz", common.ops_addr);
    until(PATIENCE, &format!("{name} is ready"), async || {
        Ok(reqwest::get(&url).await.ok().filter(|answer| answer.status().is_success()).map(drop))
    })
    .await
}
