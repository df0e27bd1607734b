//! The stack, for one test at a time.

use mall::settings::Settings;
use tokio::sync::Mutex;

use crate::stage;
use crate::supervisor::Supervisor;

static STACK: Mutex<()> = Mutex::const_new(());

/// Runs a test on a stack that is whole, and leaves it whole, whatever comes of the test.
pub async fn alone_on_the_stack(
    test: impl AsyncFnOnce(&Settings, &Supervisor) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let _one_at_a_time = STACK.lock().await;
    let settings = stage::settings()?;
    let supervisor = Supervisor::of(&settings);
    supervisor.all_ready().await?;
    let passed = test(&settings, &supervisor).await;
    let whole = async {
        supervisor.start_all().await?;
        supervisor.all_ready().await
    };
    passed.and(whole.await)
}
