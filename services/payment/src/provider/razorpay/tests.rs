//! A provider that lies, stalls or babbles: never paid, always an error that says so.

use std::net::Ipv4Addr;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use kernel::Money;
use tokio::net::TcpListener;

use super::*;
use crate::domain::progress::Seen;
use crate::domain::refund::RefundSeen;
use crate::provider::settings::Which;
use crate::provider::{Ask, GiveBack, Payments, ProviderOrder};

const ORDER: &str =
    r#"{"id":"order_1","amount":100,"currency":"INR","receipt":"r1","status":"created"}"#;
const BEGUN: &str =
    r#"{"razorpay_payment_id":"pay_1","link":"upi://pay?pa=mall@upi&pn=Mall&tr=1&am=1.00&cu=INR"}"#;
const PAID: &str = r#"{"items":[{"id":"pay_1","order_id":"order_1","amount":100,"currency":"INR","status":"captured"}]}"#;

const REFUND: &str = r#"{"id":"rfnd_1","entity":"refund","amount":100,"currency":"INR","payment_id":"pay_1","notes":[],"receipt":"refund-0001","acquirer_data":{"arn":null},"status":"pending"}"#;

fn back() -> GiveBack {
    let provider_payment_id = "pay_1".into();
    GiveBack { provider_payment_id, amount: Money::inr(100), key: "refund-0001".into() }
}

fn ask() -> Ask {
    Ask { receipt: "r1".into(), amount: Money::inr(100), order_number: "M1".into() }
}

fn client(url: &str, timeout: Duration) -> Razorpay {
    let settings = Settings {
        provider: Which::Razorpay,
        razorpay_url: url.into(),
        razorpay_key_id: "id".into(),
        razorpay_key_secret: "secret".into(),
        razorpay_account_id: None,
        webhook_secret: "hook".into(),
        webhook_secret_previous: None,
        upi_payee_vpa: Vpa::parse("mall@upi").unwrap(),
        upi_payee_name: "Mall".into(),
        contact_email: String::new(),
        contact_phone: String::new(),
        payout_account: "sandbox".into(),
    };
    Razorpay::with_timeout(&settings, "https://mall.test", timeout).unwrap()
}

/// A provider that answers everything with this.
async fn saying(status: StatusCode, body: Vec<u8>) -> Razorpay {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = (status, [(header::CONTENT_TYPE, "application/json")], body);
    let routes = Router::new().fallback(async move || answer.clone().into_response());
    tokio::spawn(axum::serve(listener, routes).into_future());
    client(&url, TIMEOUT)
}

async fn saying_ok(body: &str) -> Razorpay {
    saying(StatusCode::OK, body.as_bytes().to_vec()).await
}

#[tokio::test]
async fn what_the_provider_must_say_is_taken() {
    let order = saying_ok(ORDER).await.open_order(&ask()).await.unwrap();
    assert_eq!(order, ProviderOrder { id: "order_1".into(), paid: false });
    let begun = saying_ok(BEGUN).await.begin_upi("order_1", &ask()).await.unwrap();
    assert_eq!(begun.link, "upi://pay?pa=mall@upi&pn=Mall&tr=1&am=1.00&cu=INR");
    assert_eq!(saying_ok(PAID).await.attempts("order_1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn html_and_half_a_json_are_errors() {
    for body in ["<html>Sorry</html>", "", "[]", "null", &ORDER[..20], &PAID[..PAID.len() - 1]] {
        let provider = saying_ok(body).await;
        let order = provider.open_order(&ask()).await;
        assert!(matches!(order, Err(ProviderError::Unreadable(_))), "{body}: {order:?}");
        let attempts = provider.attempts("order_1").await;
        assert!(matches!(attempts, Err(ProviderError::Unreadable(_))), "{body}: {attempts:?}");
    }
}

#[tokio::test]
async fn amounts_that_are_floats_or_texts_are_errors() {
    for amount in ["100.0", "1e2", "\"100\"", "true", "99999999999999999999", "-100"] {
        let paid = PAID.replace("100", amount);
        let attempts = saying_ok(&paid).await.attempts("order_1").await;
        assert!(matches!(attempts, Err(ProviderError::Unreadable(_))), "{amount}: {attempts:?}");
    }
}

#[tokio::test]
async fn another_order_than_was_asked_for_is_an_error() {
    for (right, wrong) in [("100", "1"), ("INR", "USD"), ("r1", "r2"), ("order_1", "../../x")] {
        let order = saying_ok(&ORDER.replace(right, wrong)).await.open_order(&ask()).await;
        assert!(matches!(order, Err(ProviderError::Unreadable(_))), "{wrong}: {order:?}");
    }
    let foreign = saying_ok(&PAID.replace("order_1", "order_2")).await.attempts("order_1").await;
    assert!(matches!(foreign, Err(ProviderError::Unreadable(_))));
}

#[tokio::test]
async fn a_link_that_pays_somebody_else_or_something_else_is_not_shown() {
    for (right, wrong) in [
        ("mall@upi", "thief@upi"),
        ("am=1.00", "am=2.00"),
        ("&am=1.00", ""),
        ("upi://pay", "https://pay"),
        ("Mall", "Ma ll"),
    ] {
        let begun =
            saying_ok(&BEGUN.replace(right, wrong)).await.begin_upi("order_1", &ask()).await;
        assert!(matches!(begun, Err(ProviderError::Unreadable(_))), "{wrong}: {begun:?}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let endless = saying(StatusCode::OK, vec![b' '; 100 << 20]).await.attempts("order_1").await;
    assert!(matches!(endless, Err(ProviderError::Unreadable("it is too large"))), "{endless:?}");
}

#[tokio::test]
async fn a_refusal_is_told_from_trouble() {
    let no = br#"{"error":{"code":"BAD_REQUEST_ERROR","description":"no"}}"#.to_vec();
    let refused = saying(StatusCode::BAD_REQUEST, no).await.open_order(&ask()).await;
    assert!(
        matches!(&refused, Err(ProviderError::Refused { status: 400, code }) if code == "BAD_REQUEST_ERROR"),
        "{refused:?}"
    );
    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::BAD_GATEWAY, StatusCode::FOUND] {
        let trouble = saying(status, Vec::new()).await.open_order(&ask()).await;
        assert!(matches!(trouble, Err(ProviderError::Status(s)) if s == status.as_u16()));
    }
}

#[tokio::test]
async fn refusals_of_a_refund_are_told_apart() {
    let saying = async |status, description: &str| {
        let body =
            serde_json::json!({"error": {"code": "BAD_REQUEST_ERROR", "description": description}});
        saying(status, body.to_string().into_bytes()).await.refund(&back()).await.unwrap_err()
    };
    let bad = StatusCode::BAD_REQUEST;
    let poor =
        saying(bad, "Your account does not have enough balance to carry out the refund operation.");
    assert!(matches!(poor.await, ProviderError::NoBalance));
    let busy = saying(bad, "Request failed because another payment operation is in progress.");
    assert!(matches!(busy.await, ProviderError::Status(400)));
    let body = br#"{"error":{"code":"GATEWAY_ERROR","description":"The bank is away."}}"#.to_vec();
    let busy = self::saying(bad, body).await.refund(&back()).await;
    assert!(matches!(busy, Err(ProviderError::Status(400))), "whether it acted is not known");
    let body =
        br#"{"error":{"code":"BAD_REQUEST_ERROR","reason":"insufficient_balance"}}"#.to_vec();
    let poor = self::saying(bad, body).await.refund(&back()).await;
    assert!(matches!(poor, Err(ProviderError::NoBalance)), "{poor:?}");
    let busy = saying(StatusCode::CONFLICT, "");
    assert!(matches!(busy.await, ProviderError::Status(409)));
    for never in ["The payment has been fully refunded already.", "no", ""] {
        assert!(matches!(saying(bad, never).await, ProviderError::Refused { .. }), "{never}");
    }
}

#[tokio::test]
async fn another_refund_than_was_asked_for_is_an_error() {
    let made = saying_ok(REFUND).await.refund(&back()).await.unwrap();
    assert_eq!((made.seen, made.key), (RefundSeen::Pending, Some("refund-0001".into())));
    for (right, wrong) in [
        ("100", "1"),
        ("100", "100.0"),
        ("INR", "USD"),
        ("pay_1", "pay_2"),
        ("refund-0001", "refund-0002"),
        ("pending", "lost"),
        ("rfnd_1", "../../x"),
    ] {
        let made = saying_ok(&REFUND.replace(right, wrong)).await.refund(&back()).await;
        assert!(matches!(made, Err(ProviderError::Unreadable(_))), "{wrong}: {made:?}");
    }
}

#[tokio::test]
async fn what_went_back_was_here_unless_the_provider_says_otherwise() {
    let refunded = PAID.replace(r#""captured""#, r#""refunded""#);
    let seen = saying_ok(&refunded).await.attempts("order_1").await.unwrap().remove(0).seen;
    assert_eq!(seen, Seen::Captured);
    let never = refunded.replace(r#""status""#, r#""captured":false,"status""#);
    let seen = saying_ok(&never).await.attempts("order_1").await.unwrap().remove(0).seen;
    assert!(matches!(seen, Seen::Failed(_)), "{seen:?}");
}

#[tokio::test]
async fn a_provider_that_hangs_is_given_up() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let hangs = client(&url, Duration::from_millis(100)).open_order(&ask()).await;
    assert!(matches!(hangs, Err(ProviderError::Away(_))), "{hangs:?}");
    drop(listener);
    let gone = client(&url, TIMEOUT).open_order(&ask()).await;
    assert!(matches!(gone, Err(ProviderError::Away(_))), "{gone:?}");
}
