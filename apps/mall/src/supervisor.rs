//! The supervisor of a running stack, asked through its own socket. A process is ended by its number only.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::process::Command;

use crate::reporter::{PATIENCE, until};
use crate::settings::Settings;

/// One life of a program: its process, and when that began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// The process.
    pub pid: u32,
    /// In clock ticks since the machine started: a number may be given away again.
    begun: u64,
}

impl Life {
    fn of(pid: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The program's name, in parentheses, may contain anything.
        let (_, fields) = stat.rsplit_once(')')?;
        Some(Self { pid, begun: fields.split_whitespace().nth(19)?.parse().ok()? })
    }

    /// Ends it at once, without asking.
    pub async fn kill(self) -> anyhow::Result<()> {
        anyhow::ensure!(Self::of(self.pid) == Some(self), "process {} is gone already", self.pid);
        signal(self.pid, "-KILL").await
    }
}

/// Sends a signal to a process.
pub async fn signal(pid: u32, signal: &str) -> anyhow::Result<()> {
    let sent = Command::new("kill").args([signal, &pid.to_string()]).status().await?;
    anyhow::ensure!(sent.success(), "kill {signal} {pid}: {sent}");
    Ok(())
}

/// What starts the programs of a stack, and starts them again.
#[derive(Debug, Clone)]
pub struct Supervisor {
    home: PathBuf,
    config: PathBuf,
}

impl Supervisor {
    /// The supervisor of this installation.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self { home: settings.home(), config: settings.env_dir.join("supervisord.conf") }
    }

    async fn ctl(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new("supervisorctl");
        let done = command.arg("-c").arg(&self.config).args(words).output();
        let done = done.await.context("supervisorctl cannot be run")?;
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// The present life of a program; nothing while it does not run.
    pub async fn life(&self, program: &str) -> anyhow::Result<Option<Life>> {
        let said = self.ctl(&["pid", program]).await?;
        Ok(said.trim().parse().ok().filter(|pid| *pid > 0).and_then(Life::of))
    }

    /// Waits until a program that was killed runs again, as another process.
    pub async fn restarted(&self, program: &str, before: Life) -> anyhow::Result<Life> {
        until(PATIENCE, &format!("{program} runs again"), async || {
            Ok(self.life(program).await?.filter(|life| *life != before))
        })
        .await
    }

    /// Every replica of these programs, as the supervisor calls them: `order`, `order-2`; `kafka`.
    pub async fn replicas(&self, programs: &[&str]) -> anyhow::Result<Vec<String>> {
        let said = self.ctl(&["status"]).await?;
        let there = said.lines().filter_map(|line| line.split_whitespace().next());
        let of_these = |program: &&str| {
            let first = program.split_once('-').map_or(*program, |(first, _)| first);
            programs.contains(&first)
        };
        Ok(there.filter(of_these).map(str::to_owned).collect())
    }

    /// Stops programs, and waits until they are gone.
    pub async fn stop(&self, programs: &[&str]) -> anyhow::Result<()> {
        self.ask("stop", programs, &["stopped", "not running"]).await
    }

    /// Stops every replica of these programs, and waits until they are gone.
    pub async fn stop_all_of(&self, programs: &[&str]) -> anyhow::Result<()> {
        let replicas = self.replicas(programs).await?;
        self.stop(&replicas.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// Starts a program, and waits until it stays up.
    pub async fn start(&self, program: &str) -> anyhow::Result<()> {
        self.ask("start", &[program], &["started"]).await
    }

    /// Starts whatever does not run.
    pub async fn start_all(&self) -> anyhow::Result<()> {
        self.ctl(&["start", "all"]).await.map(drop)
    }

    async fn ask(&self, verb: &str, programs: &[&str], well: &[&str]) -> anyhow::Result<()> {
        let said = self.ctl(&[&[verb], programs].concat()).await?;
        let done = said.lines().filter(|line| well.iter().any(|word| line.contains(word))).count();
        anyhow::ensure!(done == programs.len(), "{verb} {programs:?}: {said}");
        Ok(())
    }

    /// What keeps the objects here: `minio`, or `seaweedfs` where Go is missing.
    pub async fn object_store(&self) -> anyhow::Result<&'static str> {
        let said = self.ctl(&["status"]).await?;
        Ok(if said.contains("seaweedfs") { "seaweedfs" } else { "minio" })
    }

    /// Waits until everything answers.
    pub async fn all_ready(&self) -> anyhow::Result<()> {
        self.stack("wait").await.context("not everything answers")
    }

    /// Restarts all services, one replica at a time.
    pub async fn roll(&self) -> anyhow::Result<()> {
        self.stack("roll").await
    }

    async fn stack(&self, verb: &str) -> anyhow::Result<()> {
        let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/native/stack");
        let done = Command::new(stack).arg(verb).env("MALL_HOME", &self.home).output().await?;
        anyhow::ensure!(
            done.status.success(),
            "stack {verb}:\n{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
        Ok(())
    }
}
