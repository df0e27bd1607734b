//! The operator's pages, done word by word: what a test does is what the page says.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use mall::settings::Settings;
use tokio::process::Command;

/// A page under `docs/runbooks`.
#[derive(Debug)]
pub struct Runbook {
    project: PathBuf,
    home: PathBuf,
    steps: Vec<String>,
}

impl Runbook {
    /// Opens a page.
    pub fn open(settings: &Settings, page: &str) -> anyhow::Result<Self> {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let text = std::fs::read_to_string(project.join("docs/runbooks").join(page))?;
        let blocks = text.split("```sh\n").skip(1);
        let steps = blocks.filter_map(|block| Some(block.split_once("```")?.0.trim().to_owned()));
        Ok(Self { steps: steps.collect(), project, home: settings.home() })
    }

    /// Does the commands of the block that begins with `word`, for `service`. Returns what they print.
    pub async fn follow(&self, word: &str, service: &str) -> anyhow::Result<String> {
        let (well, said) = self.run(self.step(word)?, service).await?;
        anyhow::ensure!(well, "{word}: {said}");
        Ok(said)
    }

    /// Does commands. Returns whether they succeeded, and what they print.
    pub async fn run(&self, commands: &str, service: &str) -> anyhow::Result<(bool, String)> {
        let mut bash = Command::new("bash");
        bash.args(["-euc", commands]).current_dir(&self.project);
        bash.env("MALL_HOME", &self.home).env("home", &self.home).env("service", service);
        let done = bash.output().await?;
        let said = [done.stdout, done.stderr].concat();
        Ok((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }

    /// The block of commands that begins with `word`.
    pub fn step(&self, word: &str) -> anyhow::Result<&str> {
        let step = self.steps.iter().find(|step| step.starts_with(word));
        step.map(String::as_str)
            .with_context(|| format!("the page has no commands that begin with {word}"))
    }
}
