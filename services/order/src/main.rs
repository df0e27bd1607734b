//! The order service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<order::App>()
}
