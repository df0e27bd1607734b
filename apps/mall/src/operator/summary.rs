//! The screen at the end of `make up`.

use std::path::Path;

use serde_json::Value;

use crate::seed;
use crate::settings::Settings;

/// Where the last demonstration's report is kept.
pub fn report_file(settings: &Settings) -> std::path::PathBuf {
    settings.home().join("demo/last.json")
}

/// Prints what runs where, how to sign in, and what the demonstration left behind.
pub fn run(settings: &Settings) {
    println!("\nThe mall is open.\n");
    println!(
        "  gateway      {}/docs/   (the API: every operation of every service)",
        settings.gateway
    );
    println!("  mail         {}   (every mail that was sent)", settings.mail);
    println!(
        "  payments     {}   (the UPI app of development: /pay/<provider order>)",
        settings.sandbox
    );
    println!("  numbers      {}", settings.prometheus);
    if settings.traces.is_empty() {
        println!(
            "  traces       off: Go is missing, so Jaeger could not be built (and SeaweedFS stands in for MinIO)"
        );
    } else {
        println!("  traces       {}/api/services", settings.traces);
    }
    println!(
        "\nSign in: POST /v1/auth/otp {{\"address\": \"you@example.in\"}}, take the code from the mail,"
    );
    println!(
        "POST /v1/auth/otp/verify {{\"challenge_id\", \"code\"}}. A new address is a new buyer;"
    );
    println!("staff is {}, a seller is lotus@sellers.mall.test.", seed::STAFF);
    match std::fs::read_to_string(report_file(settings)).map(|t| serde_json::from_str::<Value>(&t))
    {
        Ok(Ok(report)) => tell(settings, &report),
        _ => println!("\nNo order has been made yet: `make demo` makes one."),
    }
    println!("\n  make status | make logs s=order | make demo | make test | make down\n");
}

fn tell(settings: &Settings, report: &Value) {
    let text = |key: &str| report[key].as_str().unwrap_or_default().to_owned();
    println!("\nThe order just made: {} ({})", text("order_number"), text("order_id"));
    for invoice in report["invoices"].as_array().into_iter().flatten() {
        let file = invoice["file"].as_str().unwrap_or_default();
        println!(
            "  invoice {}   {}",
            invoice["number"].as_str().unwrap_or_default(),
            Path::new(file).display()
        );
    }
    for page in report["messages"].as_array().into_iter().flatten() {
        println!("  mail    {}", page.as_str().unwrap_or_default());
    }
    if !settings.traces.is_empty() {
        println!("  trace   {}/api/traces/{}", settings.traces, text("trace_id"));
    }
}
