//! An answer may name a thing that others have not heard of yet: who asks for it a moment later is not sent away.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use chassis::Service as _;
use chassis::{Db, InMemoryProjection as _, Problem};
use contracts::vendor::VendorChanged;
use kernel::{OrderId, UserId, VendorId};
use sqlx::PgPool;
use testkit::sample;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::probe::Probe;
use crate::stage::Stage;

async fn find(State(db): State<Db>, Path(id): Path<OrderId>) -> Result<StatusCode, Problem> {
    let mut conn = db.read().await.unwrap();
    let mine = "select exists (select from made where what = $1)";
    let found = sqlx::query_scalar(mine).bind(id.to_string()).fetch_one(&mut *conn).await;
    if found.unwrap() { Ok(StatusCode::OK) } else { Err(Problem::not_found()) }
}

fn routes(stage: &Stage) -> Router {
    let db = stage.app.db();
    let routes = Router::new().route("/v1/made/{id}", get(find)).with_state(db.clone());
    let keyring = stage.app.app.keyring.clone();
    chassis::layers::wrap(routes.into(), "probe", &stage.app.common, keyring, Some(db))
}

/// What is answered, and after how long.
fn ask(routes: &Router, id: OrderId) -> JoinHandle<(StatusCode, Duration)> {
    let (routes, begun) = (routes.clone(), Instant::now());
    let request = Request::get(format!("/v1/made/{id}")).body(Body::empty()).unwrap();
    tokio::spawn(async move {
        let answer = tower::ServiceExt::oneshot(routes, request).await.unwrap();
        (answer.status(), begun.elapsed())
    })
}

async fn make(stage: &Stage, what: &str) {
    let mut tx = stage.app.db().begin().await.unwrap();
    sqlx::query("insert into made (what) values ($1)").bind(what).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_read_of_a_young_id_is_answered_by_the_commit_that_brings_it(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (routes, id) = (routes(&stage), OrderId::new());
    let early = ask(&routes, id);
    make(&stage, "something else").await;
    make(&stage, &id.to_string()).await;

    let (status, after) = early.await.unwrap();

    assert_eq!(status, 200);
    assert!(after < Duration::from_secs(2), "it was there long before {after:?}");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_another_replica_brings_is_found_as_well(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (routes, id) = (routes(&stage), OrderId::new());
    let early = ask(&routes, id);
    let made = sqlx::query("insert into made (what) values ($1)").bind(id.to_string());
    made.execute(&pool).await.unwrap();

    let (status, after) = early.await.unwrap();

    assert_eq!(status, 200);
    assert!(after < Duration::from_secs(2), "{after:?}");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_never_comes_is_not_there_after_three_seconds(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (status, after) = ask(&routes(&stage), OrderId::new()).await.unwrap();
    assert_eq!(status, 404);
    assert!((3..5).contains(&after.as_secs()), "{after:?}");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn nobody_waits_for_what_is_old_or_has_no_age(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let routes = routes(&stage);
    let old = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    for id in [old, OrderId::derived("age", &[])] {
        let (status, after) = ask(&routes, id).await.unwrap();
        assert_eq!(status, 404);
        assert!(after < Duration::from_secs(1), "{after:?}");
    }
}

/// The probe's routes as they are served, and the header of somebody whose token knows of no seller.
fn doors(stage: &Stage, user: UserId) -> (Router, String) {
    let keyring = stage.app.app.keyring.once(watch::channel(true).1);
    let routes = Probe::router().with_state(stage.app.app.clone());
    let routes = chassis::layers::wrap(routes, "probe", &stage.app.common, keyring, None);
    (routes, format!("Bearer {}", stage.app.token(&stage.app.claims(user))))
}

fn look(routes: &Router, token: &str, seller: VendorId) -> JoinHandle<StatusCode> {
    let request = Request::get(format!("/v1/vendors/{seller}/probe"));
    let request = request.header("authorization", token).body(Body::empty()).unwrap();
    let answered = tower::ServiceExt::oneshot(routes.clone(), request);
    tokio::spawn(async { answered.await.unwrap().status() })
}

/// Everybody hears who acts for a seller now.
fn tell(stage: &Stage, vendor_id: VendorId, members: Vec<UserId>) {
    let seller = VendorChanged { vendor_id, members, ..sample() };
    let meta = stage.app.record(&seller).meta().unwrap();
    stage.app.app.keyring.apply(Some(seller), &meta);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_token_that_is_older_than_a_membership_is_enough(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (user, vendor) = (UserId::new(), VendorId::new());
    let (routes, token) = doors(&stage, user);
    let early = look(&routes, &token, vendor);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!early.is_finished(), "it waits");
    tell(&stage, vendor, vec![user]);

    assert_eq!(early.await.unwrap(), 200, "whoever asked before the news waited for them");
    assert_eq!(look(&routes, &token, vendor).await.unwrap(), 200);

    tell(&stage, vendor, Vec::new());
    assert_eq!(look(&routes, &token, vendor).await.unwrap(), 403, "no member any more");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_stranger_learns_nothing_about_a_young_seller(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (routes, token) = doors(&stage, UserId::new());
    let (there, nowhere) = (VendorId::new(), VendorId::new());
    tell(&stage, there, vec![UserId::new()]);
    let begun = Instant::now();
    for answer in [there, nowhere].map(|seller| look(&routes, &token, seller)) {
        assert_eq!(answer.await.unwrap(), 403);
        assert!(begun.elapsed() >= Duration::from_secs(3), "it was waited for");
    }
}
