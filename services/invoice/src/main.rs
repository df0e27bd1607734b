//! The invoice service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<invoice::App>()
}
