//! What is missing or unhealthy, and what to do.

use std::time::Duration;

use crate::registry;
use crate::settings::Settings;

/// Asks everything whether it is well. Fails when something is not.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(3)).build()?;
    let mut ill = 0;
    for (name, url) in places(settings)? {
        ill += usize::from(!is_well(&http, &name, &url).await);
    }
    for log in super::offsets::lost(settings).await? {
        ill += 1;
        println!("  {log}");
    }
    for (service, count) in super::dead_letters::counts(settings).await? {
        ill += 1;
        println!("  {service:<18} has {count} dead letters; `mall dead-letters list` shows them");
    }
    anyhow::ensure!(ill == 0, "{ill} parts are not well");
    Ok(())
}

/// The parts of a stack, and where each says how it is.
fn places(settings: &Settings) -> anyhow::Result<Vec<(String, String)>> {
    let mut places = vec![
        ("gateway".to_owned(), format!("{}/.well-known/jwks.json", settings.gateway)),
        ("mail sink".to_owned(), format!("{}/healthz", settings.mail)),
        ("payment sandbox".to_owned(), format!("{}/healthz", settings.sandbox)),
    ];
    let services = registry::all().into_iter();
    for name in services.flat_map(|entry| registry::replicas(&settings.env_dir, entry.name)) {
        let common = registry::common(&settings.env_dir, &name)?;
        places.push((name, format!("http://{}/readyz", common.ops_addr)));
    }
    Ok(places)
}

async fn is_well(http: &reqwest::Client, name: &str, url: &str) -> bool {
    let trouble = match http.get(url).send().await {
        Ok(answer) if answer.status().is_success() => None,
        Ok(answer) => Some(answer.text().await.unwrap_or_default().trim().to_owned()),
        Err(_) => Some("does not answer".to_owned()),
    };
    match &trouble {
        None => println!("  {name:<18} well"),
        Some(trouble) => {
            println!("  {name:<18} {trouble}; see `make logs s={name}`, then `make up`");
        }
    }
    trouble.is_none()
}
