//! The product service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<product::App>()
}
