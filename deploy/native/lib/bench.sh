# shellcheck shell=bash
# Measuring, on a stack of its own: a release build, fresh data, a gateway that does not mind many requests.

bench_home() {
  MALL_HOME=${MALL_HOME:-$project/.mall-bench}
  MALL_PORT_OFFSET=${MALL_PORT_OFFSET:-4000}
  export MALL_BUILD=${MALL_BUILD:-release}
  unlimited_gateway
}

verb_bench() {
  local program
  verb_install
  supervisor_answers && stop_supervisor
  trap stop_after_tests EXIT
  stop_orphans
  drop_data
  build_workspace
  start_servers
  prepare_stores
  start_services
  part "Measuring; nothing else should run on this machine"
  program=$(built_folder)/bench
  "$deploy/native/with-env" "$etc/operator.env" "$program" "$@"
}
