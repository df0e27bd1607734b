//! A read of something that was promised a moment ago waits for it.
//!
//! A 202 and an event may name a thing before the service that keeps it has heard of it. Ids carry their time: a 404 about
//! an id of the last seconds is not said yet, the read is done again with every commit of this service. A thing of
//! somebody else's looks like no thing, so it is waited for just as long.

use std::time::{Duration, Instant, SystemTime};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::watch;
use uuid::Uuid;

/// How old an id may be, and how far ahead the clock that made it.
const YOUNG: Duration = Duration::from_secs(10);
/// How long a read waits.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);
/// How long at most between two looks: another replica may be the one that commits.
const LOOK: Duration = Duration::from_millis(250);

/// A read that may have come too early.
pub(super) struct TooEarly {
    request: Parts,
    commits: watch::Receiver<()>,
}

impl TooEarly {
    /// A read of an id that was made a moment ago, if this is one. To be made before the first look.
    pub fn may_be(request: &Request, commits: Option<&watch::Sender<()>>) -> Option<Self> {
        let reads =
            request.method() == Method::GET && request.extensions().get::<MatchedPath>().is_some();
        let commits = commits.filter(|_| reads)?.subscribe();
        let ids = request.uri().path().split('/').filter_map(|id| Uuid::try_parse(id).ok());
        if !ids.into_iter().any(is_young) {
            return None;
        }
        let mut parts = Request::new(()).into_parts().0;
        parts.method = request.method().clone();
        parts.uri = request.uri().clone();
        parts.headers = request.headers().clone();
        parts.extensions = request.extensions().clone();
        Some(Self { request: parts, commits })
    }

    /// Looks again until the thing is there or the patience is at its end.
    pub async fn look_again(mut self, next: Next, mut response: Response) -> Response {
        let deadline = Instant::now() + PATIENCE;
        while response.status() == StatusCode::NOT_FOUND {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            drop(tokio::time::timeout(left.min(LOOK), self.commits.changed()).await);
            let request = Request::from_parts(self.request.clone(), Body::empty());
            response = next.clone().run(request).await;
        }
        response
    }
}

/// Whether an id was made a moment ago. One without a time is not young.
pub(crate) fn is_young(id: Uuid) -> bool {
    let time = id.get_timestamp().filter(|_| id.get_version_num() == 7);
    let Some((seconds, nanos)) = time.map(|time| time.to_unix()) else { return false };
    let made = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos);
    let age = SystemTime::now().duration_since(made).unwrap_or_else(|ahead| ahead.duration());
    age < YOUNG
}
