//! `/pay/{id}`: a page that plays the buyer's UPI app, without a script.

use std::fmt::Write;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Redirect, Response};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;

use super::request::Named;
use crate::app::App;
use crate::domain::books::Books;
use crate::domain::link;
use crate::domain::order::{Order, OrderStatus};
use crate::domain::refused::Refused;
use crate::domain::webhook::Plan;
use crate::error::Error;
use crate::usecases::{self, Outcome, Pay};

const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("pay.css");

/// The two buttons.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    decision: Answer,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Approve,
    Decline,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Approve => Self::Captured,
            Answer::Decline => Self::Failed,
        }
    }
}

/// `GET /pay/{id}`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Response, Error> {
    let page = app.read(|books| page(books, &id)).await.map_err(Error::or_not_found)?;
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer")];
    Ok((headers, Html(page)).into_response())
}

/// `POST /pay/{id}`
pub async fn decide(
    State(app): State<App>,
    Named(id): Named<String>,
    form: Result<Form<Decision>, FormRejection>,
) -> Result<Redirect, Error> {
    let Form(form) = form.map_err(|refused| Error::Malformed(refused.body_text()))?;
    let outcome = form.decision.into();
    let (payment_id, amount, plan) = (None, None, Plan::faithful());
    let ask = Pay { order_id: id, payment_id, outcome, amount, currency: None, plan };
    app.act(|books, turn| {
        // A second click, or an old tab, must not pay a second time.
        if books.order(&ask.order_id)?.status() == OrderStatus::Paid {
            return Err(Refused::OrderPaid);
        }
        usecases::pay(books, turn, &ask)
    })
    .await
    .map_err(Error::or_not_found)?;
    Ok(Redirect::to(&format!("/pay/{}", ask.order_id)))
}

/// `GET /assets/pay.css`
pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

fn page(books: &Books, id: &str) -> Result<String, Refused> {
    let order = books.order(id)?;
    let body = match order.status() {
        OrderStatus::Paid => "<p><strong>Paid.</strong> You may close this page.</p>".to_owned(),
        OrderStatus::Created | OrderStatus::Attempted => question(books, order),
    };
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Pay {payee}</title><link rel=\"stylesheet\" href=\"/assets/pay.css\"></head>\n\
         <body><main>\n<h1>Pay {payee}</h1>\n{facts}\n{body}\n</main></body>\n</html>\n",
        payee = escape(link::PAYEE_NAME),
        facts = facts(order),
    ))
}

fn facts(order: &Order) -> String {
    let mut facts = String::from("<dl>");
    let rows = [
        ("To", link::PAYEE_VPA.to_owned()),
        ("Amount", link::shown(order.amount, order.currency)),
        ("For", order.receipt.clone().unwrap_or_else(|| order.id.clone())),
        ("Status", order.status().name().to_owned()),
    ];
    for (name, value) in rows {
        let _ = write!(facts, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
    }
    facts.push_str("</dl>");
    facts
}

fn question(books: &Books, order: &Order) -> String {
    let pending = books.payments_of(&order.id).rev().find(|payment| payment.is_pending());
    let link = pending.map_or_else(|| link::of_order(order), link::of_payment);
    format!(
        "{qr}\n<p><a href=\"{href}\">Open in an app</a></p>\n\
         <form method=\"post\" action=\"/pay/{id}\">\
         <button name=\"decision\" value=\"approve\">Approve</button>\
         <button name=\"decision\" value=\"decline\">Decline</button></form>",
        qr = qr(&link),
        href = escape(&link),
        id = escape(&order.id),
    )
}

/// The picture alone: an XML declaration has no place inside a page.
fn qr(link: &str) -> String {
    let Ok(code) = QrCode::new(link) else {
        return String::new();
    };
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    let start = picture.find("<svg").unwrap_or(0);
    picture[start..].to_owned()
}

fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, char| {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(escape("<b a=\"1\">'&"), "&lt;b a=&quot;1&quot;&gt;&#39;&amp;");
    }

    #[test]
    fn the_qr_code_is_a_bare_picture() {
        let picture = qr("upi://pay?pa=mall@upi&am=1.00&cu=INR");
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
    }
}
