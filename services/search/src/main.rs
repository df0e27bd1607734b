//! The search service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<search::App>()
}
