//! A running mall with sellers aboard. The seller's side is set up once for all tests.

use mall::journey::Cast;
use mall::person::Person;
use mall::seed::{self, Aboard};
use mall::settings::Settings;
use tokio::sync::OnceCell;

static SELLERS: OnceCell<(Person, Vec<Aboard>)> = OnceCell::const_new();

/// Where the mall runs.
pub fn settings() -> Settings {
    Settings::from_env().expect("a mall is running: use `make test`")
}

/// Staff, three sellers, and a buyer who is new.
pub async fn cast(buyer: &str) -> Cast {
    let settings = settings();
    let (staff, sellers) = SELLERS
        .get_or_init(async || seed::run(&settings, true).await.expect("the shelves can be filled"))
        .await
        .clone();
    Cast {
        staff,
        sellers: sellers[..3].to_vec(),
        buyer: format!("{buyer}-{}@mall.test", kernel::EventId::new().as_uuid().simple()),
        folder: settings.home().join("e2e"),
        settings,
    }
}
