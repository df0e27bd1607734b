//! The user service's process.

fn main() -> anyhow::Result<()> {
    chassis::run::<user::App>()
}
