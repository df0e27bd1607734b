//! The vendor service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<vendor::App>()
}
