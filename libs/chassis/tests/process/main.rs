//! A service as a process of its own: signalled, killed and frozen under load.
//!
//! Called by cargo it is the test; called with `PROBE_PROCESS` set it is the service.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops"
)]

mod child;
#[path = "../contract/overheard.rs"]
#[expect(dead_code, reason = "shared with the contract suite, which looks inside")]
mod overheard;
#[path = "../contract/probe.rs"]
#[expect(dead_code, reason = "shared with the contract suite, which looks inside")]
mod probe;
#[path = "../contract/routes.rs"]
mod routes;
mod scenarios;
#[path = "../contract/work.rs"]
mod work;

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::var_os("PROBE_PROCESS").is_some() {
        return match chassis::run::<probe::Probe>() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            }
        };
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let listing = std::env::args().any(|a| a == "--list");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for (name, scenario) in scenarios::ALL {
        if !wanted.is_empty() && !wanted.iter().any(|w| name.contains(w.as_str())) {
            continue;
        }
        if listing {
            println!("{name}: test");
            continue;
        }
        // A scenario that fails panics: the process ends with another code than 0, and its children with it.
        runtime.block_on(scenario());
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}
