//! The same invoice gives the same file, byte for byte.

use std::{process::Command, sync::Arc};

use invoice::{domain::invoice::Invoice, pdf::Press};
use sha2::{Digest, Sha256};

use crate::fixtures::{forty_items, invoice, to_mumbai};
use crate::paper::CJK;

const MARK: &str = "digest: ";

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[test]
fn a_second_rendering_changes_nothing() {
    let press = Press::open(1, CJK.into()).unwrap();
    let first = press.render(&invoice()).unwrap();
    let other = press.render(&Invoice::issue(to_mumbai(), forty_items()).unwrap()).unwrap();

    assert_ne!(digest(&other), digest(&first));
    assert_eq!(digest(&press.render(&invoice()).unwrap()), digest(&first));
    assert_eq!(
        digest(&Press::open(1, CJK.into()).unwrap().render(&invoice()).unwrap()),
        digest(&first)
    );
}

#[test]
fn another_process_makes_the_same_file() {
    let own = digest(&Press::open(1, CJK.into()).unwrap().render(&invoice()).unwrap());

    let other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sameness::this_process_can_tell_its_digest", "--nocapture"])
        .output()
        .unwrap();

    let said = String::from_utf8(other.stdout).unwrap();
    let (_, theirs) = said.split_once(MARK).unwrap();
    assert_eq!(theirs.split_whitespace().next(), Some(own.as_str()));
}

#[test]
fn this_process_can_tell_its_digest() {
    let digest = digest(&Press::open(1, CJK.into()).unwrap().render(&invoice()).unwrap());

    assert_eq!(digest.len(), 64);
    println!("{MARK}{digest}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_printed_at_the_same_time_do_not_mix() {
    let press = Press::open(2, CJK.into()).unwrap();
    let short = Arc::new(invoice());
    let long = Arc::new(Invoice::issue(to_mumbai(), forty_items()).unwrap());
    let alone =
        [press.render(&short).unwrap(), press.render(&long).unwrap()].map(|pdf| digest(&pdf));

    let printing: Vec<_> = [&short, &long, &long, &short]
        .into_iter()
        .map(|invoice| {
            let (press, invoice) = (press.clone(), Arc::clone(invoice));
            tokio::spawn(async move { press.print(invoice).await })
        })
        .collect();

    let mut together = vec![];
    for pdf in printing {
        together.push(digest(&pdf.await.unwrap().unwrap()));
    }
    assert_eq!(together, [0, 1, 1, 0].map(|n: usize| alone[n].clone()));
}
