# shellcheck shell=bash
# The tests, with servers of their own beside a stack that may be running.

# How tests find the servers.
test_settings() {
  cat <<TABLE
DATABASE_URL $(secret database_url)
MALL_TEST_KAFKA_BROKERS $(broker_addresses)
MALL_TEST_REDIS_URL $(secret redis_url_default)
MALL_TEST_S3_ENDPOINT http://127.0.0.1:${port[minio]}
MALL_TEST_S3_ACCESS_KEY $(secret minio_user)
MALL_TEST_S3_SECRET_KEY $(secret minio_password)
MALL_TEST_SMTP_URL smtp://127.0.0.1:${port[smtp]}
MALL_TEST_MAIL_API http://127.0.0.1:${port[mail]}
TABLE
  if has_traces; then printf 'MALL_TEST_JAEGER_QUERY %s\n' "$(traces_url)"; fi
}

# Before the installation is opened: the tests have their own, with its own ports, and two of every service.
test_home() {
  MALL_HOME=${MALL_HOME:-$project/.mall-test}
  MALL_PORT_OFFSET=${MALL_PORT_OFFSET:-2000}
  MALL_REPLICAS=${MALL_REPLICAS:-2}
  unlimited_gateway
}

# One that does not mind a thousand buyers from one address, and a till that lets each order all day.
unlimited_gateway() {
  export MALL_OPEN_ORDERS=${MALL_OPEN_ORDERS:-1000}
  export MALL_OTP_RATE=${MALL_OTP_RATE:-1000r/s} MALL_OTP_BURST=${MALL_OTP_BURST:-1000}
  export MALL_SEARCH_RATE=${MALL_SEARCH_RATE:-10000r/s} MALL_SEARCH_BURST=${MALL_SEARCH_BURST:-10000}
}

# verb_test [NAME] - all tests, or those whose names contain this. Of the deaths and outages, which repeat one another,
# a third is drawn.
verb_test() {
  raise_test_stack
  if (($# > 0)); then
    workspace_tests "$@"
    return
  fi
  part "Tests of the gateway"
  "$deploy/nginx/test"
  draw_cases
  workspace_tests "${undrawn[@]}"
  client_tests
  verb_fuzz
}

verb_test-all() {
  raise_test_stack
  part "Tests of the gateway"
  "$deploy/nginx/test"
  workspace_tests
  client_tests
  MALL_FUZZ_EXAMPLES=${MALL_FUZZ_EXAMPLES:-60} verb_fuzz
}

raise_test_stack() {
  install_tools
  # With the features of the tests, so that nothing is built twice.
  build --workspace --all-targets
  servers_built
  # What already runs is used and left running; otherwise the last run's data goes, and its end is ours, too.
  if ! supervisor_answers; then
    trap stop_after_tests EXIT
    stop_orphans
    drop_data
  fi
  start_servers
  prepare_stores
  start_services
  unlock_home
}

# The cases that are left out of this run, as `cargo test` is told: it counts them as filtered out.
undrawn=()

draw_cases() {
  local suite name cases drawn
  export MALL_CRASH_SEED=${MALL_CRASH_SEED:-$((SRANDOM % 1000000))}
  part "Deaths and outages of this run (MALL_CRASH_SEED=$MALL_CRASH_SEED; \`make test-all\` runs all)"
  for suite in crash away; do
    mapfile -t cases < <(cd "$project" && cargo test -q --workspace --test "$suite" -- --list |
      sed -n 's/: test$//p' | shuffled)
    ((${#cases[@]} > 0)) || die "there are no tests in e2e/tests/$suite"
    drawn=$(((${#cases[@]} + 2) / 3))
    for name in "${cases[@]::drawn}"; do line "$suite" "$name"; done
    line "$suite" "$drawn of ${#cases[@]}"
    for name in "${cases[@]:drawn}"; do undrawn+=(--skip "$name"); done
  done
}

# The lines of the input in the order that the seed gives them, on every machine the same.
shuffled() {
  local name
  while IFS= read -r name; do
    printf '%s %s\n' "$(sha256sum <<<"$MALL_CRASH_SEED $name")" "$name"
  done | LC_ALL=C sort | sed 's/.* //'
}

# With what is told to the programs of the tests.
workspace_tests() {
  part "Tests of the workspace, and the journey through the services that run"
  (
    while read -r name value; do export "$name=$value"; done < <(test_settings)
    while IFS='=' read -r name value; do export "$name=$value"; done <"$etc/operator.env"
    cd "$project"
    # One broker cannot lose one of three: the case is counted as filtered out, not as passed.
    ((MALL_BROKERS > 1)) || set -- --skip the_death_of_one_of_three_brokers "$@"
    cargo test --workspace --no-fail-fast -- "$@"
  )
}

# After the journeys, so that there is something to be asked for.
client_tests() {
  part "Clients made from the API document"
  "$deploy/clients/test" "$(public_url)"
}

stop_after_tests() {
  local status=$?
  stop_supervisor
  ((status == 0)) || say "the logs of the servers are in $log"
  exit "$status"
}
