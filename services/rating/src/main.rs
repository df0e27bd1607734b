//! The rating service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<rating::App>()
}
