//! The email service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<email::App>()
}
