//! Watching a dashboard: the numbers as a stream of events brings them.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use crate::person::Person;
use crate::reporter::PATIENCE;

/// Before a stream that broke off is opened again.
const AGAIN: Duration = Duration::from_millis(500);

/// A dashboard that somebody watches.
#[derive(Debug)]
pub struct Dashboard {
    person: Person,
    path: String,
    stream: Option<reqwest::Response>,
    unread: String,
}

impl Dashboard {
    /// The dashboard at `path`. The stream is opened at the first look.
    #[must_use]
    pub fn new(person: &Person, path: &str) -> Self {
        Self { person: person.clone(), path: path.to_owned(), stream: None, unread: String::new() }
    }

    /// Watches until it shows numbers of which `is_it` is true. A stream that breaks off is opened again.
    pub async fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let watching = async {
            loop {
                match self.next().await {
                    Ok(numbers) if is_it(&numbers) => return numbers,
                    Ok(_) => {}
                    Err(_) => {
                        self.stream = None;
                        tokio::time::sleep(AGAIN).await;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, watching).await.context("the live dashboard did not show it")
    }

    async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            while let Some(end) = self.unread.find("\n\n") {
                let mut lines = self.unread[..end].lines();
                let data = lines.find_map(|line| line.strip_prefix("data:"));
                let numbers = data.map(serde_json::from_str).transpose()?;
                self.unread.drain(..end + 2);
                if let Some(numbers) = numbers {
                    return Ok(numbers);
                }
            }
            let chunk = self.stream().await?.chunk().await?.context("the stream ended")?;
            self.unread.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    async fn stream(&mut self) -> anyhow::Result<&mut reqwest::Response> {
        if self.stream.is_none() {
            let opened = self.person.send(reqwest::Method::GET, &self.path, None, None).await?;
            self.unread.clear();
            self.stream = Some(opened.error_for_status()?);
        }
        self.stream.as_mut().context("it was just opened")
    }
}
