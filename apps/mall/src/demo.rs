//! Plays the journey twice, paid by UPI and paid on delivery.

use crate::journey::{self, Actors, Method};
use crate::operator::summary;
use crate::person::Person;
use crate::reporter::Reporter;
use crate::seed::{self, SeededSeller};
use crate::settings::Settings;

pub async fn run(settings: &Settings, json: bool) -> anyhow::Result<()> {
    let (staff, sellers) = seed::run(settings, true).await?;
    let mut report = None;
    for method in [Method::Upi, Method::Cod] {
        let mut reporter = Reporter::new(json);
        if !json {
            let how = if method == Method::Upi { "by UPI" } else { "on delivery" };
            println!("\nThe journey, paid {how}");
        }
        let actors = actors(settings, &staff, &sellers[..3]);
        let told = journey::play(&actors, method, &mut reporter).await?;
        if method == Method::Upi {
            report = Some(told);
        }
    }
    match report {
        Some(report) => keep(settings, &report, json),
        None => Ok(()),
    }
}

fn actors(settings: &Settings, staff: &Person, sellers: &[SeededSeller]) -> Actors {
    Actors {
        settings: settings.clone(),
        staff: staff.clone(),
        sellers: sellers.to_vec(),
        buyer: format!("buyer-{}@mall.test", kernel::EventId::new().as_uuid().simple()),
        folder: settings.home().join("demo"),
    }
}

fn keep(settings: &Settings, report: &journey::Report, json: bool) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report)?;
    std::fs::create_dir_all(settings.home().join("demo"))?;
    std::fs::write(summary::report_file(settings), &text)?;
    if json {
        println!("{text}");
    }
    Ok(())
}
