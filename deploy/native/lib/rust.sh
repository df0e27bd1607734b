# shellcheck shell=bash
# Rust, which Debian has only in older versions.

rust_version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$project/Cargo.toml")

install_rust() {
  local found
  found=$(cargo --version 2>/dev/null | awk '{print $2}') || found=''
  if [[ -z $found ]]; then
    line rust "installing it with the official installer, into ~/.cargo and ~/.rustup"
    step rust "install Rust $rust_version or newer by hand, see https://rustup.rs" fetch_rust
  elif ! at_least "$rust_version" "$found"; then
    die "Rust $rust_version or newer is needed, this is $found: \`rustup update stable\` brings it"
  fi
}

fetch_rust() {
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
    sh -s -- -y --no-modify-path --profile minimal --component rustfmt,clippy --default-toolchain stable
}
