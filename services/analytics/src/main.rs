//! The analytics service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<analytics::App>()
}
