# shellcheck shell=bash
# The twelve services, each with its replicas, and the payment sandbox.

# The programs whose binary is new in this run.
declare -A fresh=()

program_of() { if [[ $1 == sandbox ]]; then printf psp-sandbox; else printf '%s-service' "$(service_of "$1")"; fi; }

# Where the services that this stack runs are built: `debug`, or `dist` for what is shipped and measured.
built_folder() { printf '%s/%s' "$CARGO_TARGET_DIR" "${MALL_BUILD:-debug}"; }

# The commands `mall` and `bench` contain every service and only ask them: one build of them serves all.
tool() { printf '%s/debug/%s' "$CARGO_TARGET_DIR" "$1"; }

# Who can be started: all replicas of all services, once the workspace is whole.
built() {
  local name
  for name in "${services[@]}" sandbox; do
    [[ -x $(built_folder)/$(program_of "$name") ]] || continue
    if [[ $name == sandbox ]]; then printf '%s\n' "$name"; else replicas "$name"; fi
  done
}

start_services() {
  local name names sections=''
  part "Services"
  mapfile -t names < <(built)
  ((${#names[@]} > 0)) || die "no service is built; \`cargo build --workspace\` builds them, and \`make up\` does it for you"
  for name in "${names[@]}"; do
    stage "$name"
    write_settings "$name"
    sections+=$(program_service "$name")$'\n\n'
  done
  put "$etc/programs/services.conf" <<<"$sections" || true
  start_supervisor
  start_all "${names[@]}"
  for name in "${names[@]}"; do
    await "$name" probe_service "$name"
  done
}

# A hard link keeps the file that runs when a build puts a new one in its place. All replicas run the same.
stage() {
  local name=$1 program built staged
  program=$(program_of "$name")
  built=$(built_folder)/$program staged=$MALL_HOME/bin/$program
  if [[ ! $built -ef $staged ]]; then
    cmp -s "$built" "$staged" || fresh[$program]=1
    ln -f "$built" "$staged.new" 2>/dev/null || cp -f "$built" "$staged.new"
    mv -f "$staged.new" "$staged"
  fi
  [[ -z ${fresh[$program]:-} ]] || changed[$name]=1
}

# The settings of everybody, also before anybody starts: `mall migrate` reads them. Those of a replica that is no more
# go: who works with the settings would look for it.
write_all_settings() {
  local name file
  for name in $(replicas) sandbox; do write_settings "$name"; done
  for file in "$etc"/*-[2-9].env; do
    name=${file##*/}
    [[ " $(replicas | paste -sd' ') " == *" ${name%.env} "* ]] || rm "$file"
  done
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
