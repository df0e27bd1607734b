# shellcheck shell=bash
# The twelve services and the payment sandbox.

program_of() { if [[ $1 == sandbox ]]; then printf psp-sandbox; else printf '%s-service' "$1"; fi; }

# Where the services that this stack runs are built: `debug`, or `dist` for what is shipped and measured.
built_folder() { printf '%s/%s' "$CARGO_TARGET_DIR" "${MALL_BUILD:-debug}"; }

# The commands `mall` and `bench` contain every service and only ask them: one build of them serves all.
tool() { printf '%s/debug/%s' "$CARGO_TARGET_DIR" "$1"; }

# The services that are built. All of them, once the workspace is whole.
built() {
  local name
  for name in "${services[@]}" sandbox; do
    if [[ -x $(built_folder)/$(program_of "$name") ]]; then printf '%s\n' "$name"; fi
  done
}

start_services() {
  local name names sections=''
  part "Services"
  mapfile -t names < <(built)
  ((${#names[@]} > 0)) || die "no service is built; \`cargo build --workspace\` builds them, and \`make up\` does it for you"
  for name in "${names[@]}"; do
    stage "$name" "$(program_of "$name")"
    write_settings "$name" "$name"
    sections+=$(program_service "$name")$'\n\n'
  done
  put "$etc/programs/services.conf" <<<"$sections" || true
  start_supervisor
  start_all "${names[@]}"
  for name in "${names[@]}"; do
    await "$name" probe_service "$name"
  done
}

# A hard link keeps the file that runs when a build puts a new one in its place.
stage() {
  local name=$1 built staged=$MALL_HOME/bin/$2
  built=$(built_folder)/$2
  [[ $built -ef $staged ]] && return
  if ! cmp -s "$built" "$staged"; then changed[$name]=1; fi
  ln -f "$built" "$staged.new" 2>/dev/null || cp -f "$built" "$staged.new"
  mv -f "$staged.new" "$staged"
}

# The settings of all twelve, also before any of them starts: `mall migrate` reads them.
write_all_settings() {
  local name
  for name in "${services[@]}" sandbox; do write_settings "$name" "$name"; done
}

program_service() {
  program "$1" "\"$deploy/native/with-env\" \"$etc/$1.env\" \"$MALL_HOME/bin/$(program_of "$1")\""
}

probe_service() {
  if [[ $1 == sandbox ]]; then
    get "http://127.0.0.1:${port[sandbox]}/healthz"
  else
    get "http://127.0.0.1:$(ops_port "$1")/readyz"
  fi
}

build_workspace() {
  local kind='everything; only what changed'
  [[ -d $CARGO_TARGET_DIR/debug/deps ]] || kind='the services and everything they use: 10 to 20 minutes the first time'
  part "Building $kind"
  (cd "$project" && cargo build --workspace "$@")
  [[ ${MALL_BUILD:-debug} == debug ]] || build_services "$MALL_BUILD"
}

build_services() {
  local kind='only what changed' packages=(--package psp-sandbox) name
  [[ -d $(built_folder)/deps ]] || kind='40 minutes the first time'
  part "Building the services with the profile $1; $kind"
  for name in "${services[@]}"; do packages+=(--package "$name"); done
  (cd "$project" && cargo build --profile "$1" --bins "${packages[@]}")
}

# The operator's command, with the addresses of this installation.
mall() {
  local program
  program=$(tool mall)
  [[ -x $program ]] || die "the command \`mall\` is not built; \`make up\` builds it"
  settings_of operator | put "$etc/operator.env" 0600 || true
  "$deploy/native/with-env" "$etc/operator.env" "$program" "$@"
}
