//! The admin service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<admin::App>()
}
