//! The stack, for one test at a time.

use e2e::stage;
use e2e::supervisor::Supervisor;
use mall::settings::Settings;
use tokio::sync::Mutex;

static STACK: Mutex<()> = Mutex::const_new(());

/// Runs a test on a stack that is whole, and leaves it whole, whatever comes of the test.
pub async fn alone_on_the_stack(
    test: impl AsyncFnOnce(&Settings, &Supervisor) -> anyhow::Result<()>,
) {
    let _one_at_a_time = STACK.lock().await;
    let settings = stage::settings().expect("a mall is running: use `make test`");
    let supervisor = Supervisor::of(&settings);
    supervisor.all_ready().await.expect("the stack is whole");
    let passed = test(&settings, &supervisor).await;
    let whole = async {
        supervisor.start_all().await?;
        supervisor.all_ready().await
    };
    passed.and(whole.await).unwrap_or_else(|error| panic!("{error:#}"));
}
