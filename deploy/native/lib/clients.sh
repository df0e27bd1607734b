# shellcheck shell=bash
# What makes clients from the API document.

# Another list of packages is another folder.
clients_home=$cache/clients-$(cat "$deploy/clients/requirements.txt" "$deploy/clients/package-lock.json" | sha256sum | head -c 12)

install_clients() {
  [[ -d $clients_home ]] && return
  line clients "fetching the makers of clients with npm and pip, 150 MB"
  step clients "$npm_hint" fetch_clients
}

fetch_clients() {
  local fresh=$clients_home.new
  rm -rf "$fresh"
  mkdir -p "$fresh"
  fetch_npm clients "$fresh/node"
  python3 -m venv "$fresh/python"
  "$fresh/python/bin/pip" install -q -r "$deploy/clients/requirements.txt"
  mv "$fresh" "$clients_home"
}
