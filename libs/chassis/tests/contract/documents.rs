//! The API document: what it does not name is refused, and what all services share is in it.

use axum::http::Method;
use chassis::Service;
use serde_json::json;
use sqlx::PgPool;

use crate::probe::Probe;
use crate::stage::Stage;

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_query_parameter_that_the_document_does_not_name_is_refused(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let of_none = client.get("/v1/tagged?colour=red").await.problem(400, "unknown-field");
    assert_eq!(of_none["errors"][0]["pointer"], "colour");
    let body = Some(("application/json", b"{}".to_vec()));
    client.send(Method::PUT, "/v1/tagged?If-Match=1", body).await.problem(400, "unknown-field");
    let of_one = client.get("/v1/asked/7?q=x&Q=x&%71=y&id=7").await;
    let named = of_one.problem(400, "unknown-field")["errors"].clone();
    let named: Vec<_> = named.as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(named, ["Q", "id"], "the other spelling of q is q");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_query_parameter_that_the_document_names_passes(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for path in ["/v1/asked/7", "/v1/asked/7?", "/v1/asked/7?q=", "/v1/asked/7?q=a%26b"] {
        client.get(path).await.expect(204);
    }
    client.get("/v1/tagged?").await.expect(200);
    client.get("/v1/nowhere?q=1").await.problem(404, "not-found");
    client.delete("/v1/tagged?q=1").await.problem(405, "method-not-allowed");
}

#[test]
fn the_document_says_what_all_services_share() {
    let document = serde_json::to_value(Probe::document()).unwrap();

    let bearer = &document["components"]["securitySchemes"]["bearer"];
    assert_eq!(bearer, &json!({ "type": "http", "scheme": "bearer" }));
    let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    for (path, method) in [("/v1/tagged", "get"), ("/v1/tagged", "put"), ("/v1/summed", "get")] {
        let refused = &document["paths"][path][method]["responses"]["default"];
        assert_eq!(refused, &json!({ "$ref": "#/components/responses/Refused" }), "{path}");
    }
    for refusal in document["components"]["responses"].as_object().unwrap().values() {
        assert_eq!(refusal["content"], json!({ "application/problem+json": problem }));
    }
    let put = &document["paths"]["/v1/tagged"]["put"];
    let key = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
    assert_eq!(put["parameters"][0]["schema"], key);
    assert_eq!(put["parameters"][1]["schema"]["pattern"], r#"^(\*|"[!#-~]*")$"#);
    let refusals: Vec<_> = put["responses"].as_object().unwrap().keys().collect();
    assert_eq!(
        refusals,
        ["204", "400", "401", "403", "409", "412", "413", "415", "422", "503", "default"]
    );
    let told = &document["paths"]["/v1/tagged"]["get"];
    let seen = &told["parameters"][0];
    assert_eq!((&seen["name"], &seen["in"]), (&json!("If-None-Match"), &json!("header")));
    assert_eq!(seen["required"], false);
    for status in ["200", "304"] {
        let tag = &told["responses"][status]["headers"]["ETag"];
        assert_eq!(tag["schema"]["type"], "string", "{status}");
    }
    let asked = &document["paths"]["/v1/asked/{id}"]["get"];
    assert_eq!(asked["responses"]["204"]["description"], "No Content");
    assert!(asked["responses"]["401"].is_null() && asked["responses"]["404"].is_object());
    assert_eq!(asked["parameters"][1]["allowEmptyValue"], true, "an empty one is as good as none");
    let stream = &asked["responses"]["200"]["content"]["text/event-stream"];
    assert_eq!(stream["x-event-data"], json!({ "type": "string" }));
    let data = json!({ "type": "string", "contentMediaType": "application/json" });
    assert_eq!(stream["schema"]["properties"]["data"], data);
    for schema in ["Problem", "FieldError"] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
}
