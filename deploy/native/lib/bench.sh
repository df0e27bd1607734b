# shellcheck shell=bash
# Measuring, on a stack of its own: the services as they are shipped, fresh data, a gateway that does not mind many requests.

bench_home() {
  MALL_HOME=${MALL_HOME:-$project/.mall-bench}
  MALL_PORT_OFFSET=${MALL_PORT_OFFSET:-4000}
  export MALL_BUILD=${MALL_BUILD:-dist}
  unlimited_gateway
}

verb_bench() {
  install_tools
  build "${programs[@]}" --package bench
  servers_built
  supervisor_answers && stop_supervisor
  trap stop_after_tests EXIT
  stop_orphans
  drop_data
  start_servers
  prepare_stores
  start_services
  part "Measuring; nothing else should run on this machine"
  [[ -z ${MALL_PROFILE:-} ]] || set -- --profile "$MALL_HOME/profile" "$@"
  "$deploy/native/with-env" "$etc/operator.env" "$(tool bench)" "$@"
}
