//! A running mall with sellers aboard, and who takes part in a journey.

use mall::journey::Actors;
use mall::seed;
use mall::settings::Settings;
use tokio::sync::Mutex;

/// Shelves are filled by one test at a time.
static SHELVES: Mutex<()> = Mutex::const_new(());

/// Where the mall runs.
pub fn settings() -> anyhow::Result<Settings> {
    Settings::from_env()
}

/// Staff, three sellers with full shelves, and a buyer who is new.
pub async fn actors(settings: &Settings, buyer: &str) -> anyhow::Result<Actors> {
    let (staff, sellers) = {
        let _alone = SHELVES.lock().await;
        seed::run(settings, true).await?
    };
    Ok(Actors {
        staff,
        sellers: sellers[..3].to_vec(),
        buyer: somebody(buyer),
        folder: settings.home().join("e2e"),
        settings: settings.clone(),
    })
}

/// The mail address of somebody who is new.
pub fn somebody(name: &str) -> String {
    format!("{name}-{}@mall.test", kernel::EventId::new().as_uuid().simple())
}
