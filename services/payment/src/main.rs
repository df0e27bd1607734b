//! The payment service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<payment::App>()
}
