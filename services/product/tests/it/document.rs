//! The API document of the service.

#[test]
fn the_document_names_routes_and_their_parameters() {
    let document =
        serde_json::to_value(<product::App as chassis::Service>::document()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let methods = |path: &str| paths[path].as_object().map_or(0, serde_json::Map::len);
    assert_eq!(paths.len(), 11);
    assert_eq!(methods("/v1/vendors/{vendor_id}/products"), 2);
    assert_eq!(methods("/v1/vendors/{vendor_id}/products/{id}"), 2);
    let parameters = |path: &str| -> Vec<String> {
        let list = paths[path]["get"]["parameters"].as_array().expect("parameters").iter();
        list.map(|p| p["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(parameters("/v1/products"), ["category", "vendor_id", "limit", "after"]);
    assert_eq!(parameters("/v1/vendors/{vendor_id}/products"), ["vendor_id", "limit", "after"]);
    assert_eq!(parameters("/v1/vendors/{vendor_id}/stock/{sku}"), ["vendor_id", "sku"]);
}
