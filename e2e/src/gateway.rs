//! What the gateway wrote down about the requests it saw.

use std::path::PathBuf;

use anyhow::Context as _;
use mall::settings::Settings;
use serde_json::Value;

/// A place in the gateway's log.
#[derive(Debug)]
pub struct Bookmark {
    log: PathBuf,
    at: usize,
}

impl Bookmark {
    /// The present end of the log.
    pub fn now(settings: &Settings) -> anyhow::Result<Self> {
        let log = settings.home().join("log/gateway.log");
        let at = usize::try_from(std::fs::metadata(&log)?.len())?;
        Ok(Self { log, at })
    }

    /// Every request that was answered since.
    pub fn requests_since(&self) -> anyhow::Result<Vec<Value>> {
        let mut text = std::fs::read(&self.log)?;
        if text.len() < self.at {
            // The log grew over its limit: what it was is beside it.
            let mut before = std::fs::read(self.log.with_extension("log.1"))?;
            before.append(&mut text);
            text = before;
        }
        let text = String::from_utf8_lossy(text.get(self.at..).unwrap_or_default());
        let requests = text.lines().filter(|line| line.starts_with('{'));
        requests.map(|line| serde_json::from_str(line).context("a line of the gateway")).collect()
    }

    /// The requests since that failed at the mall's end, one line each. A replica that says itself that it has too much
    /// to do, and when to come back, has not failed.
    pub fn faults_since(&self) -> anyhow::Result<Vec<String>> {
        let requests = self.requests_since()?;
        let failed = requests.iter().filter(|request| {
            request["status"].as_u64() >= Some(500) && request["answered"] != "503"
        });
        Ok(failed.map(Value::to_string).collect())
    }
}
