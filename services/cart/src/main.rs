//! The cart service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<cart::App>()
}
