# shellcheck shell=bash
# The twelve services, each with its replicas, and the payment sandbox.

# The programs whose binary is new in this run.
declare -A fresh=()

program_of() { if [[ $1 == sandbox ]]; then printf psp-sandbox; else printf mall; fi; }

# Where the programs that this stack runs are built: `debug`, or `dist` for what is shipped and measured.
built_folder() { printf '%s/%s' "$CARGO_TARGET_DIR" "${MALL_BUILD:-debug}"; }

tool() { printf '%s/%s' "$(built_folder)" "$1"; }

start_services() {
  local name names sections=''
  part "Services"
  mapfile -t names < <(replicas && printf 'sandbox\n')
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
  [[ -x $built ]] || die "$built is not there; \`make up\` builds it"
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
  local command="\"$MALL_HOME/bin/$(program_of "$1")\""
  [[ $1 == sandbox ]] || command+=" run $(service_of "$1")"
  program "$1" "\"$deploy/native/with-env\" \"$etc/$1.env\" $command"
}

probe_service() {
  if [[ $1 == sandbox ]]; then
    get "http://127.0.0.1:${port[sandbox]}/healthz"
  else
    get "http://127.0.0.1:$(ops_port "$1")/readyz"
  fi
}

# What a stack runs and is asked with: `mall`, which is every service, and the payment provider of development.
programs=(--package mall --package psp-sandbox)

# build PACKAGES.. - with what cargo is told to select.
build() {
  local profile=${MALL_BUILD:-dev} kind='only what changed'
  [[ $profile != debug ]] || profile=dev
  [[ -d $(built_folder)/deps ]] || kind='everything: about six minutes the first time, twenty of what is shipped'
  part "Building; $kind"
  (cd "$project" && cargo build --profile "$profile" "$@")
}

# The operator's command, with the addresses of this installation.
mall() {
  local program
  program=$(tool mall)
  [[ -x $program ]] || die "the command \`mall\` is not built; \`make up\` builds it"
  settings_of operator | put "$etc/operator.env" 0600 || true
  "$deploy/native/with-env" "$etc/operator.env" "$program" "$@"
}
