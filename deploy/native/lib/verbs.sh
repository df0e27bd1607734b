# shellcheck shell=bash
# The verbs of `stack`, each a short story.

verb_help() {
  cat <<'HELP'
deploy/native/stack VERB - Mall on one machine, without containers

  up              install what is missing, build, start everything, seed, play the demo
  down            stop everything, keep the data
  status          what runs, and where
  logs [NAME]     follow the log of one program, or of all
  reset           stop everything and drop data, secrets and logs

  install         only install what is missing
  servers         only install and start the servers
  services        only start the services that are built
  roll [SERVICE..] restart the services, one replica at a time
  wait            wait until everything that was started answers
  env             print the addresses of the servers, for `eval` in a shell
  mall ARGS..     run the operator's command against this stack
  prepare SERVICE record the queries of a service, after a change of a table or a statement
  test [NAME]     start a stack of its own, run the tests, or those that are called so, stop it
  test-all        the same with every death and outage, and the API documents tried at length
  fuzz [SERVICE..] try every operation of the API documents against the services that run
  bench [ARGS..]  start a stack of its own with the services as they are shipped, measure it, stop it

Environment: MALL_HOME (folder of the installation, default .mall), MALL_PORT_OFFSET (added to every port, kept),
MALL_REPLICAS (of every service, 1 to 3, kept), MALL_BROKERS (1 or 3, kept),
MALL_OTP_RATE, MALL_OTP_BURST, MALL_SEARCH_RATE, MALL_SEARCH_BURST (limits of the gateway), MALL_OPEN_ORDERS (unpaid or in cash, of one buyer),
MALL_CRASH_SEED (repeats the deaths and outages of a run), MALL_FUZZ_SEED, MALL_FUZZ_EXAMPLES (per operation),
MALL_SANDBOX_AUTOPAY, MALL_BUILD (debug or dist), MALL_PROFILE (1: bench leaves a profile), CARGO_TARGET_DIR, and any setting of a service, such as MALL__LOG or ORDER__..
HELP
}

verb_install() {
  install_tools
  servers_built
}

install_tools() {
  lock_home
  part "Tools"
  install_packages
  install_rust
  install_servers
}

verb_servers() {
  verb_install
  start_servers
}

verb_services() {
  lock_home
  supervisor_answers || die "the servers are not running; \`deploy/native/stack servers\` starts them"
  make_secrets
  prepare_stores
  start_services
  follow_replicas
}

# There may be more or fewer of them than before.
follow_replicas() {
  configure_gateway
  configure_prometheus
  start_all gateway prometheus
}

# One replica after the other, and the next one only when it is ready: whoever is alone closes for a moment.
verb_roll() {
  local names=("$@") name replica
  lock_home
  supervisor_answers || die "nothing runs; \`make up\` starts everything"
  ((${#names[@]} > 0)) || names=("${services[@]}")
  for name in "${names[@]}"; do rank "$name" >/dev/null; done
  part "Restarting one replica at a time"
  for replica in $(replicas "${names[@]}"); do
    ctl restart "$replica" >/dev/null
    await "$replica" probe_service "$replica"
  done
}

verb_up() {
  install_tools
  build "${programs[@]}"
  servers_built
  start_servers
  prepare_stores
  start_services
  part "Seed and demo"
  mall seed
  mall demo
  mall welcome
}

prepare_stores() {
  part "Tables, topics and buckets"
  write_all_settings
  mall migrate
}

verb_down() {
  lock_home
  stop_supervisor
  say "stopped; the data stays in $MALL_HOME"
}

verb_status() {
  supervisor_answers || {
    say "not running ($MALL_HOME)"
    return 3
  }
  local name state rest faults=0
  while read -r name state rest; do
    line "$name" "$(printf '%-9s %-28s %s' "${state,,}" "$(address_of "$name")" "$rest")"
    [[ $state == RUNNING ]] || faults=$((faults + 1))
  done < <(ctl status || true)
  ((faults == 0)) || return 3
}

address_of() {
  case $1 in
    gateway) public_url ;;
    minio | seaweedfs) printf 'http://127.0.0.1:%s' "${port[minio]}" ;;
    mail | prometheus | traces | sandbox) printf 'http://127.0.0.1:%s' "${port[$1]}" ;;
    kafka*) printf '127.0.0.1:%s' "$(broker_port "$1")" ;;
    postgres | redis) printf '127.0.0.1:%s' "${port[$1]}" ;;
    *) printf '127.0.0.1:%s' "$(public_port "$1")" ;;
  esac
}

verb_logs() {
  local files=("$log"/*.log)
  if (($# > 0)); then
    files=("$log/$1.log")
    [[ -f ${files[0]} ]] || die "there is no log of '$1'; there are: $(basename -as .log "$log"/*.log | paste -sd' ')"
  fi
  exec tail -n 100 -F "${files[@]}"
}

verb_reset() {
  lock_home
  stop_supervisor
  drop_data
  rm -rf "$secrets" "$etc" "$log" "$run" "$MALL_HOME/bin"
  say "stopped, and the data is gone; the next start begins from nothing"
}

drop_data() {
  local postgres
  postgres=$(postgres_data)
  rm -rf "${data:?}"/*
  [[ $postgres == "$data"/* ]] || rm -rf "${postgres%/postgres}"
}

verb_wait() {
  local name
  supervisor_answers || die "nothing was started; \`deploy/native/stack servers\` starts the servers"
  await_servers
  [[ -f $etc/programs/services.conf ]] || return 0
  while IFS= read -r name; do
    await "$name" probe_service "$name"
  done < <(sed -n 's/^\[program:\(.*\)\]$/\1/p' "$etc/programs/services.conf")
}

verb_mall() { mall "$@"; }

verb_env() {
  local name value
  make_secrets
  while read -r name value; do
    printf 'export %s=%q\n' "$name" "$value"
  done < <(test_settings)
}
