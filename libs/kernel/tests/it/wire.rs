//! What stands in JSON, in event schemas and in the API description.

use kernel::{Currency, FinancialYear, Money, OrderId, Quantity, Sku, StateCode, SupplyType};
use schemars::schema_for;
use serde_json::{json, to_value};
use utoipa::{PartialSchema, ToSchema};

#[test]
fn money_is_amount_and_currency_and_nothing_else() {
    let money = Money::inr(129_900);
    let text = serde_json::to_string(&money).unwrap();
    assert_eq!(text, r#"{"amount":129900,"currency":"INR"}"#);
    for bad in [
        r#"{"amount":1,"currency":"INR","note":"x"}"#,
        r#"{"amount":1.5,"currency":"INR"}"#,
        r#"{"amount":"1","currency":"INR"}"#,
        r#"{"amount":9223372036854775808,"currency":"INR"}"#,
        r#"{"amount":1,"currency":"inr"}"#,
        r#"{"amount":1,"currency":"XAU"}"#,
        r#"{"amount":1}"#,
        r#"{"currency":"INR"}"#,
    ] {
        assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
    }
}

#[test]
fn currencies_are_their_codes() {
    for currency in Currency::ALL {
        assert_eq!(to_value(currency).unwrap(), currency.as_str());
        assert_eq!(Currency::parse(currency.as_str()), Ok(currency));
        assert_eq!(10_u64.pow(currency.exponent()), currency.units_per_whole());
    }
}

#[test]
fn codes_are_plain_texts() {
    assert_eq!(to_value(StateCode::parse("27").unwrap()).unwrap(), "27");
    assert_eq!(to_value(SupplyType::CgstUtgst).unwrap(), "cgst_utgst");
    assert_eq!(to_value(FinancialYear::parse("2025-26").unwrap()).unwrap(), "2025-26");
    for bad in ["2025-27", "2025", "25-26", "+025-26", "2025-2026", ""] {
        assert!(FinancialYear::parse(bad).is_err(), "{bad}");
    }
    for bad in ["\"99\"", "\"1\"", "27", "\"\""] {
        assert!(serde_json::from_str::<StateCode>(bad).is_err(), "{bad}");
    }
}

#[test]
fn event_schemas_name_the_form() {
    let id = to_value(schema_for!(OrderId)).unwrap();
    assert_eq!((&id["type"], &id["format"]), (&json!("string"), &json!("uuid")));
    let sku = to_value(schema_for!(Sku)).unwrap();
    assert_eq!(sku["pattern"], "^[A-Za-z0-9._-]{1,64}$");
    let money = to_value(schema_for!(Money)).unwrap();
    assert_eq!(money["additionalProperties"], false);
    assert_eq!(money["required"], json!(["amount", "currency"]));
    assert_eq!(to_value(schema_for!(Quantity)).unwrap()["maximum"], 999);
}

#[test]
fn the_api_description_names_the_form() {
    let id = to_value(OrderId::schema()).unwrap();
    assert_eq!((&id["type"], &id["format"]), (&json!("string"), &json!("uuid")));
    assert_eq!(Sku::name(), "Sku");
    let money = to_value(Money::schema()).unwrap();
    assert_eq!(money["properties"]["amount"]["format"], "int64");
    assert_eq!(to_value(Quantity::schema()).unwrap()["maximum"], 999);
    assert_eq!(to_value(StateCode::schema()).unwrap()["type"], "string");
}
