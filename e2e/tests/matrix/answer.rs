//! One question through the gateway, and whether its answer has the form that is prescribed.

use std::collections::BTreeMap;

use kernel::EventId;
use reqwest::{Client, Method};
use serde_json::Value;

use crate::documents::project;
use crate::table::Prescribed;

#[derive(Debug, Clone)]
pub struct Question {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// The access token.
    pub token: Option<String>,
    /// Whether the operation takes an `Idempotency-Key`.
    pub keyed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The headers that do not differ from one request to the next.
    pub headers: BTreeMap<String, String>,
    /// The body; of a stream of events nothing.
    pub body: String,
}

/// The trace that all questions belong to, so that their answers can be compared byte by byte.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
/// What differs by nature, the length, which follows from the path, and the end of a connection, which the gateway closes
/// after a thousand requests.
const VARYING: [&str; 4] = ["connection", "date", "traceparent", "content-length"];
const MEMBERS: [&str; 7] = ["type", "title", "status", "detail", "instance", "trace_id", "errors"];

impl Question {
    /// What a problem says it belongs to: the path, without what opens a document.
    fn instance(&self) -> &str {
        let path = self.path.split('?').next().unwrap_or_default();
        let links = "/v1/invoice-links";
        if path.starts_with(links) { links } else { path }
    }

    pub async fn ask(&self, http: &Client, gateway: &str) -> Answer {
        let method = Method::from_bytes(self.method.as_bytes()).unwrap();
        let mut request = http
            .request(method, format!("{gateway}{}", self.path))
            .header("x-request-id", "matrix")
            .header("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01"));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if self.keyed {
            request = request.header("idempotency-key", EventId::new().to_string());
        }
        if let Some(body) = &self.body {
            request = request.header("content-type", "application/json").body(body.clone());
        }
        Answer::read(request.send().await.unwrap()).await
    }
}

impl Answer {
    async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers: BTreeMap<String, String> =
            headers.filter(|(name, _)| !VARYING.contains(&name.as_str())).collect();
        let stream = headers.get("content-type").is_some_and(|t| t == "text/event-stream");
        let body = if stream { String::new() } else { response.text().await.unwrap() };
        Self { status, headers, body }
    }

    /// The same with every one of `values` blotted out.
    pub fn without(mut self, values: &[String]) -> Self {
        for value in values {
            self.body = self.body.replace(value, "..");
        }
        self
    }

    /// What is wrong with it, given what was prescribed.
    pub fn trouble(&self, question: &Question, prescribed: &Prescribed) -> Option<String> {
        if self.status != prescribed.status {
            return Some(format!(
                "{} instead of {}: {}",
                self.status, prescribed.status, self.body
            ));
        }
        if self.status < 400 {
            return None;
        }
        self.problem(question, prescribed.slug.as_deref())
            .err()
            .map(|trouble| format!("{trouble}: {:?} {}", self.headers, self.body))
    }

    /// Every refusal is a problem document with a page.
    fn problem(&self, question: &Question, slug: Option<&str>) -> Result<(), String> {
        let hold = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
        let header = |name: &str| self.headers.get(name).map_or("", String::as_str);
        hold(header("content-type") == "application/problem+json", "not a problem document")?;
        hold(header("cache-control") == "no-store", "may be kept by a cache")?;
        hold(self.status != 401 || header("www-authenticate") == "Bearer", "no WWW-Authenticate")?;
        let problem: Value = serde_json::from_str(&self.body).map_err(|_| "not JSON")?;
        let members = problem.as_object().ok_or("not an object")?;
        hold(members.keys().all(|k| MEMBERS.contains(&k.as_str())), "a member of its own")?;
        hold(problem["status"] == self.status, "another status inside")?;
        hold(problem["title"].as_str().is_some_and(|t| !t.is_empty()), "no title")?;
        hold(problem["trace_id"] == TRACE, "another trace")?;
        hold(problem["instance"] == question.instance(), "another instance")?;
        let kind = problem["type"].as_str().and_then(|kind| kind.split_once("/problems/"));
        let (_, said) = kind.ok_or("no type of ours")?;
        hold(slug.is_none_or(|slug| slug == said), "another type than prescribed")?;
        let page = project().join(format!("docs/problems/{said}.md"));
        hold(page.is_file(), "a type without a page")
    }
}
