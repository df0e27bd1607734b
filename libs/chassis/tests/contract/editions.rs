//! Which edition of a thing a client has seen: `ETag`, `If-None-Match`, `If-Match`.

use axum::http::Method;
use sqlx::PgPool;
use testkit::{Answer, Client};

use crate::stage::Stage;

async fn edit(client: &Client, seen: Option<&str>) -> Answer {
    let client = client.clone();
    let client = if let Some(tag) = seen { client.with("if-match", tag) } else { client };
    client.send(Method::PUT, "/v1/tagged", Some(("application/json", b"{}".to_vec()))).await
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_the_client_has_is_not_sent_again(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let first = client.get("/v1/tagged").await;
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!((tag.as_str(), first.text().as_str()), ("\"3\"", "\"thing\""));

    let again = client.clone().with("if-none-match", &tag).get("/v1/tagged").await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, Some("\"3\"")));
    assert!(again.body.is_empty());
    for among in ["*", "\"2\", \"3\"", "\"3\", \"4\"", "W/\"3\""] {
        let again = client.clone().with("if-none-match", among).get("/v1/tagged").await;
        assert_eq!(again.status.as_u16(), 304, "{among}");
    }
    for other in ["\"2\", \"4\"", "\"2\"", "\"x\"", "3", "", "\u{1f600}"] {
        client.clone().with("if-none-match", other).get("/v1/tagged").await.expect(200);
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_edit_of_an_edition_that_is_gone_is_refused(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for seen in [None, Some("*"), Some("\"3\""), Some(" \"3\" ")] {
        edit(&client, seen).await.expect(204);
    }
    for seen in ["\"2\"", "\"4\"", "\"x\"", "\"\"", "\"99999999999999999999\"", "\"-1\""] {
        edit(&client, Some(seen)).await.problem(412, "precondition-failed");
    }
    for seen in ["3", "\"3", "", "W/\"3\"", "\u{1f600}"] {
        let problem = edit(&client, Some(seen)).await.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], "If-Match", "{seen}");
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_view_of_several_things_is_tagged_by_what_it_shows(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let tag = async |path: &str| {
        let answer = client.get(path).await;
        answer.header("etag").unwrap().to_owned()
    };
    let one = tag("/v1/summed?q=1").await;
    assert_eq!(one.len(), 34, "{one}");
    assert_eq!(tag("/v1/summed?q=1").await, one);
    assert_ne!(tag("/v1/summed?q=2").await, one);
}
