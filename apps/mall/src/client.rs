//! An honest client: what is away for a moment is asked again, with the same `Idempotency-Key`, for as long as a
//! person would wait.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::{RequestBuilder, Response, StatusCode};
use tokio::time::Instant;

use crate::reporter::PATIENCE;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Sends a request until somebody answers it. The last word of a part that stays away is returned as it is.
pub async fn send(request: RequestBuilder) -> anyhow::Result<Response> {
    let deadline = Instant::now() + PATIENCE;
    let mut pause = FIRST_PAUSE;
    loop {
        let again = request.try_clone().context("a body that can be sent only once")?;
        let answered = again.send().await;
        let wait = match &answered {
            Ok(answer) => worth_waiting(answer, pause),
            Err(error) => (!error.is_builder()).then_some(pause),
        };
        let Some(wait) = wait.filter(|wait| Instant::now() + *wait <= deadline) else {
            return Ok(answered?);
        };
        tokio::time::sleep(wait).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// How long to wait before asking again, where that may help. A 404 that names a time is about something that one part
/// was just told and another has not heard yet.
fn worth_waiting(answer: &Response, pause: Duration) -> Option<Duration> {
    match answer.status() {
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            retry_after(answer).or(Some(pause))
        }
        StatusCode::NOT_FOUND => retry_after(answer),
        _ => None,
    }
}

/// When the answer says it is worth trying again.
pub fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
