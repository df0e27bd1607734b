//! An access token for whoever wants to talk to the mall by hand, or by a test.

use crate::person::Person;
use crate::seed;
use crate::settings::Settings;

/// Signs in as `address`, with the code from the mail sink or the session kept from last time, and prints a fresh
/// access token.
pub async fn print(settings: &Settings, address: &str) -> anyhow::Result<()> {
    let person = Person::remembered(settings, &seed::wallet(settings), address).await?;
    println!("{}", person.access_token());
    Ok(())
}
