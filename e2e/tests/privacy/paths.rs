//! Questions that are refused, and one question for each service.

use serde_json::{Value, json};

/// One GET per service that reaches its door.
pub const ONE_OF_EACH: [&str; 12] = [
    "/v1/me",
    "/v1/vendors/0199aaaa-0000-7000-8000-000000000000",
    "/v1/categories",
    "/v1/cart",
    "/v1/orders",
    "/v1/payments/0199aaaa-0000-7000-8000-000000000000",
    "/v1/invoices/0199aaaa-0000-7000-8000-000000000000/links",
    "/v1/admin/messages",
    "/v1/products/0199aaaa-0000-7000-8000-000000000000/reviews",
    "/v1/admin/dashboard",
    "/v1/analytics/overview",
    "/v1/search/vendors",
];

/// What staff may look at.
pub const STAFF: [&str; 6] = [
    "/v1/admin/users?limit=100",
    "/v1/admin/messages?limit=100",
    "/v1/admin/orders?limit=100",
    "/v1/admin/audit?limit=100",
    "/v1/admin/vendors?limit=100",
    "/v1/admin/payments?limit=100",
];

/// What a person might say by mistake, with something in it that must not come back.
#[derive(Debug)]
pub struct Slips<'a> {
    /// A mail address.
    pub mail: &'a str,
    pub phone: &'a str,
    /// A code and its challenge.
    pub code: (&'a str, &'a str),
    pub refresh_token: &'a str,
    /// A permanent account number.
    pub pan: &'a str,
    /// A bank account.
    pub account: &'a str,
    /// The end of a link to an invoice.
    pub link: &'a str,
}

impl Slips<'_> {
    /// Method, path and body of each.
    pub fn all(&self) -> Vec<(&'static str, String, Value)> {
        let (challenge, code) = self.code;
        let post = |path: &str, body: Value| ("POST", path.to_owned(), body);
        let number: u64 = self.account.parse().unwrap_or_default();
        vec![
            post("/v1/auth/otp", json!({ "address": format!("{} {}", self.mail, self.phone) })),
            post("/v1/auth/otp", json!([self.mail])),
            post(
                "/v1/auth/otp/verify",
                json!({ "challenge_id": challenge, "code": code.parse::<u32>().ok() }),
            ),
            post("/v1/auth/otp/verify", json!({ "challenge_id": code, "code": code })),
            post(
                "/v1/auth/otp/verify",
                json!({ "challenge_id": challenge, "code": format!("{code} ") }),
            ),
            post("/v1/auth/otp/verify", json!(code)),
            post(
                "/v1/auth/refresh",
                json!({ "refresh_token": format!("{}x", self.refresh_token) }),
            ),
            post("/v1/auth/refresh", json!(self.refresh_token)),
            ("PATCH", "/v1/me".into(), json!({ "phone": format!("{}0000", self.phone) })),
            ("PATCH", "/v1/me".into(), json!({ "locale": self.phone })),
            post("/v1/me/addresses", json!({ "recipient": [self.phone] })),
            post("/v1/me/addresses", json!(self.phone)),
            post(
                "/v1/me/addresses",
                json!({ "recipient": "A", "phone": self.phone, "line1": "1", "city": "A",
                                             "state": self.phone, "pincode": self.phone }),
            ),
            post(
                "/v1/vendors",
                json!({ "legal_name": "A", "display_name": "A", "pan": format!("{}X", self.pan) }),
            ),
            post(
                "/v1/vendors",
                json!({ "legal_name": "A", "display_name": "A", "bank_account": self.account }),
            ),
            post(
                "/v1/vendors",
                json!({ "legal_name": "A", "display_name": "A", "bank_account": { "account_number": number } }),
            ),
            post(
                "/v1/reviews",
                json!({ "target": self.mail, "order_id": self.mail, "stars": self.phone }),
            ),
            post(
                "/v1/cart/checkout",
                json!({ "address_id": self.mail, "payment_method": self.phone }),
            ),
            ("GET", format!("/v1/invoice-links/{}", self.link), Value::Null),
            ("GET", format!("/v1/orders?limit={}", &self.phone[1..]), Value::Null),
            (
                "GET",
                format!("/v1/search/products?min_price={}&sort={}", &self.phone[1..], self.mail),
                Value::Null,
            ),
        ]
    }
}
