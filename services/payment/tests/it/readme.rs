//! The README says what is heard and said.

use chassis::Service;
use payment::App;
use sqlx::PgPool;
use testkit::TestApp;

use crate::stage::config;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn readme_lists_what_is_heard(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config("http://127.0.0.1:9")).await;
    let readme = include_str!("../../README.md");
    for name in app.app.listens().names() {
        assert!(readme.contains(name), "{name}");
    }
}
