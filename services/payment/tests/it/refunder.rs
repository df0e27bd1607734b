//! A provider of refunds that can be told to misbehave.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What it answers to the next wish to give money back.
#[derive(Debug, Clone)]
pub enum Say {
    /// Yes, with this status.
    Yes(&'static str),
    /// It acts, and then it has no answer.
    ActAndFall,
    /// It does not act, and answers this.
    No(u16, &'static str),
}

#[derive(Debug, Default)]
struct Books {
    says: VecDeque<Say>,
    asked: Vec<String>,
    looked: usize,
    made: Vec<(String, Value)>,
}

/// The provider. Untold, it processes every refund at once.
pub struct Refunder {
    pub url: String,
    books: Arc<Mutex<Books>>,
}

type Shared = State<Arc<Mutex<Books>>>;

impl Refunder {
    pub async fn start() -> Self {
        let books: Arc<Mutex<Books>> = Arc::default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/v1/payments/{id}/refund", post(refund))
            .route("/v1/payments/{id}/refunds", get(refunds))
            .with_state(books.clone());
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { url, books }
    }

    pub fn will(&self, says: impl IntoIterator<Item = Say>) {
        self.books.lock().unwrap().says = says.into_iter().collect();
    }

    /// The names it was asked by, in order.
    pub fn asked(&self) -> Vec<String> {
        self.books.lock().unwrap().asked.clone()
    }

    /// How often somebody looked.
    pub fn looked(&self) -> usize {
        self.books.lock().unwrap().looked
    }

    /// The refunds that it made.
    pub fn made(&self) -> Vec<Value> {
        self.books.lock().unwrap().made.iter().map(|(_, refund)| refund.clone()).collect()
    }

    /// A refund comes to this.
    pub fn turn(&self, id: &Value, status: &str) {
        let mut books = self.books.lock().unwrap();
        let found = books.made.iter_mut().find(|(_, refund)| refund["id"] == *id);
        found.unwrap().1["status"] = json!(status);
    }
}

async fn refund(
    State(books): Shared,
    Path(payment): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let mut books = books.lock().unwrap();
    let key = headers["X-Refund-Idempotency"].to_str().unwrap().to_owned();
    books.asked.push(key.clone());
    let say = books.says.pop_front().unwrap_or(Say::Yes("processed"));
    if let Say::No(status, description) = say {
        let error = json!({"error": {"code": "BAD_REQUEST_ERROR", "description": description}});
        return (StatusCode::from_u16(status).unwrap(), Json(error));
    }
    let status = if let Say::Yes(status) = say { status } else { "processed" };
    let nth = books.made.len() + 1;
    if !books.made.iter().any(|(known, _)| *known == key) {
        let refund = json!({
            "id": format!("rfnd_{nth}"), "entity": "refund", "amount": body["amount"], "currency": "INR",
            "payment_id": payment, "notes": [], "receipt": body["receipt"], "status": status,
            "acquirer_data": {"arn": "10000000000000"}, "speed_requested": body["speed"],
        });
        books.made.push((key.clone(), refund));
    }
    let refund = books.made.iter().find(|(known, _)| *known == key).unwrap().1.clone();
    match say {
        Say::ActAndFall => (StatusCode::GATEWAY_TIMEOUT, Json(json!({}))),
        Say::Yes(_) | Say::No(..) => (StatusCode::OK, Json(refund)),
    }
}

async fn refunds(State(books): Shared, Path(payment): Path<String>) -> Json<Value> {
    let mut books = books.lock().unwrap();
    books.looked += 1;
    let made = books.made.iter().map(|(_, refund)| refund);
    let items: Vec<&Value> = made.filter(|refund| refund["payment_id"] == payment).collect();
    Json(json!({"entity": "collection", "count": items.len(), "items": items}))
}
