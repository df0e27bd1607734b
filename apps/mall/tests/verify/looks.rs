//! Verdicts: what is seen once on a living stand does not count, what stays does.

use std::sync::atomic::{AtomicUsize, Ordering};

use mall::verify::check::{Check, Finding};

use crate::stage::Stage;

static LOOKS: AtomicUsize = AtomicUsize::new(0);

fn wrong(sentence: &str) -> Finding {
    Finding { checked: 1, violations: vec![sentence.into()], unseen: Vec::new() }
}

#[tokio::test]
async fn a_fault_that_passes_is_none_and_a_fault_that_stays_is_one() {
    let stage = Stage::bare(&[], &[]).await;
    let passing = Check {
        id: 0,
        name: "",
        look: |_| {
            Box::pin(async {
                Ok(wrong(&format!("fault {}", LOOKS.fetch_add(1, Ordering::Relaxed))))
            })
        },
    };
    let staying = Check { look: |_| Box::pin(async { Ok(wrong("a fault")) }), ..passing };
    let nothing = Check { look: |_| Box::pin(async { Ok(Finding::default()) }), ..passing };
    let failing =
        Check { look: |_| Box::pin(async { anyhow::bail!("the database is away") }), ..passing };

    assert_eq!(passing.run(&stage.stack).await.ok, Some(true));
    assert_eq!(staying.run(&stage.stack).await.violations, ["a fault"]);
    assert_eq!(nothing.run(&stage.stack).await.ok, None);
    let failed = failing.run(&stage.stack).await;
    assert_eq!((failed.ok, failed.checked), (Some(false), 0));
    assert_eq!(failed.violations, ["this could not be checked: the database is away"]);
}
