//! Ids as others see them.

use kernel::{Id, OrderId, UserId, ids::OrderMark};

#[test]
fn a_later_id_sorts_behind() {
    let ids: Vec<OrderId> = (0..1_000).map(|_| OrderId::new()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(ids[0].as_uuid().get_version_num(), 7);
}

#[test]
fn an_id_survives_text_and_json() {
    let id = OrderId::new();
    assert_eq!(id.to_string().parse::<OrderId>().unwrap(), id);
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, format!("\"{id}\""));
    assert_eq!(serde_json::from_str::<OrderId>(&json).unwrap(), id);
    assert_eq!(format!("{id:?}"), id.to_string());
    assert!("not-an-id".parse::<OrderId>().is_err());
    assert!(serde_json::from_str::<OrderId>("7").is_err());
}

#[test]
fn a_derived_id_depends_on_all_it_is_made_of() {
    let derive = Id::<OrderMark>::derived;
    let id = derive("order", &["ab", "c"]);
    assert_eq!(id, derive("order", &["ab", "c"]));
    for other in [
        derive("order", &["a", "bc"]),
        derive("order", &["abc"]),
        derive("order", &["ab", "c", ""]),
        derive("refund", &["ab", "c"]),
    ] {
        assert_ne!(id, other);
    }
    assert_eq!(id.as_uuid().get_version_num(), 8);
    // Stored rows hang on these bytes: they must not change with a release.
    let fixed = UserId::derived("mall", &["x"]);
    assert_eq!(fixed.to_string(), "e6201a77-d2ce-88ef-8ff5-53acf1e6ee2a");
}
