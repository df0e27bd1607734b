//! The clocks of a running stack, moved on together: every replica of every service, and the payment provider of
//! development. What is moved stays moved: a program that starts again reads the file that they all share.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use kernel::{Clock as _, ShiftedClock};
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::registry;
use crate::settings::Settings;

/// A program that starts just now may have read the old time and not listen yet.
const STARTING: Duration = Duration::from_millis(500);

/// The time of a stack.
#[derive(Debug, Clone)]
pub struct StackClock {
    file: Option<PathBuf>,
    /// Where each program is told.
    doors: Vec<String>,
    http: Client,
}

impl StackClock {
    /// Of the stack that `settings` name.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let mut doors = vec![format!("{}/sandbox/clock", settings.sandbox)];
        for service in registry::names() {
            for replica in registry::replicas(&settings.env_dir, service) {
                let ops = registry::common(&settings.env_dir, &replica)?.ops_addr;
                doors.push(format!("http://{ops}/clock"));
            }
        }
        let variables = registry::variables(&settings.env_dir, "order")?;
        let file = variables.into_iter().find(|(name, _)| name == "MALL__CLOCK_SHIFT_S_FILE");
        Ok(Self { file: file.map(|(_, path)| path.into()), doors, http: Client::new() })
    }

    /// By how many seconds it is ahead of the machine's.
    pub fn shift_s(&self) -> anyhow::Result<i64> {
        let Some(file) = &self.file else { return Ok(0) };
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        text.trim().parse().with_context(|| format!("{} is no number", file.display()))
    }

    /// The present moment of the stack.
    pub fn now(&self) -> anyhow::Result<Timestamp> {
        Ok(ShiftedClock::ahead_by(self.shift_s()?).now())
    }

    /// Moves all clocks on by `step`. Returns the time they show then.
    pub async fn forward(&self, step: SignedDuration) -> anyhow::Result<Timestamp> {
        anyhow::ensure!(!step.is_negative(), "time does not go back");
        let file = self.file.as_ref().context("the clocks of this stack cannot be moved")?;
        let shift_s = self.shift_s()?.saturating_add(step.as_secs());
        let fresh = file.with_extension("new");
        std::fs::write(&fresh, format!("{shift_s}\n"))?;
        std::fs::rename(&fresh, file)?;
        let unheard = self.tell(&self.doors, shift_s).await?;
        if !unheard.is_empty() {
            tokio::time::sleep(STARTING).await;
            self.tell(&unheard, shift_s).await?;
        }
        self.now()
    }

    /// Tells programs at once. Returns those that do not run: they read the file when they start.
    async fn tell(&self, doors: &[String], shift_s: i64) -> anyhow::Result<Vec<String>> {
        let told = doors.iter().map(async |door| {
            let asked = self.http.post(door).json(&json!({ "shift_s": shift_s })).send().await;
            let Ok(answer) = asked else { return Ok(Some(door.clone())) };
            let status = answer.status();
            anyhow::ensure!(status == StatusCode::OK, "{door}: {status} {}", answer.text().await?);
            Ok(None)
        });
        let told = futures::future::try_join_all(told).await?;
        Ok(told.into_iter().flatten().collect())
    }
}

/// Reads `+72h`, `90m`, `7d`, `1d 2h`.
pub fn step(text: &str) -> anyhow::Result<SignedDuration> {
    let span: Span = text.trim_start_matches('+').parse()?;
    Ok(span.to_duration(SpanRelativeTo::days_are_24_hours())?)
}

/// `mall clock`: shows the time of the stack, moved on by `forward` before.
pub async fn run(settings: &Settings, forward: Option<SignedDuration>) -> anyhow::Result<()> {
    let clock = StackClock::of(settings)?;
    let now = match forward {
        Some(step) => clock.forward(step).await?,
        None => clock.now()?,
    };
    println!("{now}, {} s ahead", clock.shift_s()?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::step;

    #[test]
    fn steps_are_written_as_people_say_them() {
        let hours = SignedDuration::from_hours;
        for (text, meant) in [("+72h", hours(72)), ("7d", hours(168)), ("1d 2h", hours(26))] {
            assert_eq!(step(text).unwrap(), meant);
        }
        assert!(step("soon").is_err());
    }
}
