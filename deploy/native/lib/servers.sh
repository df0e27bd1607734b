# shellcheck shell=bash
# The servers of the stack: installed, configured, started, awaited.

# In the order of their start.
servers=(postgres redis kafka objects mail gateway prometheus)

choose_servers() {
  servers=(postgres redis kafka objects mail gateway prometheus)
  if has_traces; then servers+=(traces); fi
}

# Those that are built from source are built beside whatever is done until `servers_built`: neither Go nor cargo keeps
# two cores busy all the time.
install_servers() {
  local lock
  # Two installations share the cache; the second must not build the same once more.
  exec {lock}>"$cache/lock"
  flock -n "$lock" || {
    say "another command fills $cache; waiting for it"
    flock "$lock"
  }
  install_kafka
  install_mail
  install_api_docs
  (
    install_objects
    install_traces
  ) 9>&- &
  building=$!
  exec {lock}>&-
}

servers_built() {
  wait "$building" || die "a server could not be built; above it says why"
  choose_servers
  line tools "all there"
}

start_servers() {
  local name names sections=''
  part "Servers"
  make_secrets
  configure_supervisor
  supervisor_answers || refuse_foreign_ports
  for name in "${servers[@]}"; do
    if declare -F "configure_$name" >/dev/null; then "configure_$name"; fi
    sections+=$("program_$name")$'\n\n'
  done
  put "$etc/programs/servers.conf" <<<"$sections" || true
  start_supervisor
  mapfile -t names < <(for name in "${servers[@]}"; do program_names "$name"; done)
  start_all "${names[@]}"
  await_servers
  create_databases
  line databases "one per service, each with a role of its own"
}

await_servers() {
  local name program
  for name in "${servers[@]}"; do
    for program in $(program_names "$name"); do await "$program" "probe_$name" "$program"; done
  done
}

# Most are called by their duty in the supervisor, too.
program_names() {
  case $1 in
    objects) object_store && echo ;;
    kafka) brokers ;;
    *) printf '%s\n' "$1" ;;
  esac
}

# Before the first start nobody may sit on our ports.
refuse_foreign_ports() {
  local name
  stop_orphans
  for name in postgres redis kafka minio smtp mail gateway prometheus traces sandbox; do
    if listening "${port[$name]}"; then
      die "port ${port[$name]} ($name) is taken by another program; \`ss -ltnp 'sport = :${port[$name]}'\` shows it.
Stop it, or move the whole stack: MALL_PORT_OFFSET=500 make up"
    fi
  done
}
