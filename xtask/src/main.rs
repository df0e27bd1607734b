//! Chores of the repository: generate what is generated, check what can be checked by reading.

mod api;
mod borders;
mod circles;
mod documents;
mod generate;
mod personal;
mod release;
mod rooms;
mod security;
mod subscriptions;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

/// Chores of the repository.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write contracts/ (event schemas, asyncapi.json, one OpenAPI document per service and one of all)
    /// the gateway's map of paths, and docs/scenarios.md.
    Generate,
    /// Remember today's API as the one of the last release: later changes may only add to it.
    Release,
    /// Check borders, circles, rooms, file lengths, documents, proofs of attacks, and that contracts/ is up to date.
    Check,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn main() -> anyhow::Result<()> {
    let root = root();
    match Arguments::parse().chore {
        Chore::Generate => {
            for file in generate::files() {
                let path = root.join(&file.path);
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                std::fs::write(&path, &file.text)?;
            }
            println!("contracts/ is up to date");
            Ok(())
        }
        Chore::Release => release::publish(&root),
        Chore::Check => {
            let troubles = troubles(&root);
            for trouble in &troubles {
                println!("{trouble}");
            }
            anyhow::ensure!(troubles.is_empty(), "{} found", troubles.len());
            println!("the tree is in order");
            Ok(())
        }
    }
}

/// Everything that is not as it should be, one sentence each.
fn troubles(root: &Path) -> Vec<String> {
    [
        generate::troubles(root),
        borders::troubles(root),
        circles::troubles(root),
        rooms::troubles(root),
        documents::troubles(root),
        subscriptions::troubles(root),
        personal::troubles(),
        release::troubles(root),
        security::troubles(root),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    #[test]
    fn contracts_are_generated_and_published_samples_still_decode() {
        assert_eq!(super::generate::troubles(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn every_event_has_a_schema_and_a_channel() {
        assert_eq!(super::generate::unlisted(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn every_route_is_documented_and_every_documented_route_is_served() {
        assert_eq!(super::rooms::hidden_routes(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn every_attack_that_concerns_what_exists_has_its_test() {
        assert_eq!(super::security::troubles(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn crates_keep_their_borders() {
        assert_eq!(super::borders::troubles(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn no_files_need_each_other_in_a_circle() {
        assert_eq!(super::circles::troubles(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn rooms_keep_their_borders_and_files_their_length() {
        assert_eq!(super::rooms::troubles(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn documents_say_what_the_code_does() {
        assert_eq!(super::documents::troubles(&super::root()), Vec::<String>::new());
    }

    #[test]
    fn readmes_name_what_is_heard_and_said() {
        assert_eq!(super::subscriptions::troubles(&super::root()), Vec::<String>::new());
    }
}
