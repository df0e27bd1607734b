# shellcheck shell=bash
# Where everything lies: the project, the folder of this installation, the cache, and the ports.

project=$(cd "${BASH_SOURCE[0]%/*}/../../.." && pwd -P)
deploy=$project/deploy
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mall
secrets='' etc='' run='' log='' data=''

# In the order of their ports.
services=(user vendor product cart order payment invoice email rating admin analytics search)

# The port plan has room for four, the connections of PostgreSQL for three.
most_replicas=3

# Every service keeps a PostgreSQL database except these.
without_database=(search)

declare -A port=(
  [gateway]=8080 [postgres]=15432 [redis]=16379 [kafka]=19092 [kafka_controller]=19093
  [minio]=19000 [minio_console]=19001 [smtp]=11025 [mail]=11080
  [otlp_grpc]=14317 [otlp]=14318 [traces_grpc]=16685 [traces]=16686 [prometheus]=19090 [sandbox]=18300
  [weed_s3_grpc]=19002 [weed_master]=19333 [weed_master_grpc]=19334 [weed_volume]=19380
  [weed_volume_grpc]=19381 [weed_filer]=19888 [weed_filer_grpc]=19889
)

# Sets the folders of the installation and moves every port by its offset.
open_home() {
  MALL_HOME=$(realpath -m "${MALL_HOME:-$project/.mall}")
  export MALL_HOME
  CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$project/target}
  export CARGO_TARGET_DIR
  secrets=$MALL_HOME/secrets etc=$MALL_HOME/etc log=$MALL_HOME/log data=$MALL_HOME/data
  mkdir -p "$etc" "$log" "$data" "$MALL_HOME/bin" "$cache/bin"
  install -d -m 0700 "$secrets"
  run=$(run_folder)
  remember_offset
  remember_replicas
  remember_brokers
  shift_ports
}

# Two commands that change the same installation take turns.
lock_home() {
  exec 9>"$MALL_HOME/lock"
  flock -n 9 || {
    say "another command works on $MALL_HOME; waiting for it"
    flock 9
  }
}

unlock_home() { exec 9>&-; }

# A socket's path has at most 107 characters, of which the supervisor needs some for itself.
run_folder() {
  local near=$MALL_HOME/run far
  if ((${#near} <= 75)); then
    install -d -m 0700 "$near"
    printf '%s' "$near"
    return
  fi
  far=${XDG_RUNTIME_DIR:-/tmp}/mall-$(printf '%s' "$MALL_HOME" | sha256sum | cut -c1-12)
  install -d -m 0700 "$far"
  [[ -O $far && ! -L $far ]] || die "$far belongs to somebody else; set XDG_RUNTIME_DIR to a folder of yours"
  printf '%s' "$far"
}

# An installation keeps its offset, so that `stack status` finds it again without being told.
remember_offset() {
  local file=$MALL_HOME/port-offset kept=''
  [[ -f $file ]] && kept=$(<"$file")
  MALL_PORT_OFFSET=${MALL_PORT_OFFSET:-${kept:-0}}
  [[ $MALL_PORT_OFFSET =~ ^[0-9]{1,5}$ ]] || die "MALL_PORT_OFFSET must be a number, not '$MALL_PORT_OFFSET'"
  # The kernel hands out ports from 32768 on by itself.
  ((19889 + MALL_PORT_OFFSET < 32768)) || die "MALL_PORT_OFFSET must be below $((32768 - 19889))"
  if [[ -n $kept && $kept != "$MALL_PORT_OFFSET" ]] && supervisor_answers; then
    die "$MALL_HOME runs with MALL_PORT_OFFSET=$kept; stop it first: MALL_HOME=$MALL_HOME deploy/native/stack down"
  fi
  printf '%s\n' "$MALL_PORT_OFFSET" >"$file"
  export MALL_PORT_OFFSET
}

# It keeps the number of replicas, too. Another number is taken up by `stack services`, whatever runs.
remember_replicas() {
  local file=$MALL_HOME/replicas kept=''
  [[ -f $file ]] && kept=$(<"$file")
  MALL_REPLICAS=${MALL_REPLICAS:-${kept:-1}}
  [[ $MALL_REPLICAS =~ ^[1-9]$ ]] && ((MALL_REPLICAS <= most_replicas)) ||
    die "MALL_REPLICAS must be from 1 to $most_replicas, not '$MALL_REPLICAS'"
  printf '%s\n' "$MALL_REPLICAS" >"$file"
  export MALL_REPLICAS
}

# And the number of brokers, which vote: three of them go on without one, two would not. It cannot change any more once
# there are events.
remember_brokers() {
  local file=$MALL_HOME/brokers kept=''
  [[ -f $file ]] && kept=$(<"$file")
  MALL_BROKERS=${MALL_BROKERS:-${kept:-1}}
  [[ $MALL_BROKERS == 1 || $MALL_BROKERS == 3 ]] || die "MALL_BROKERS must be 1 or 3, not '$MALL_BROKERS'"
  if [[ $MALL_BROKERS != "${kept:-1}" && -f $data/kafka/meta.properties ]]; then
    die "$MALL_HOME has events on ${kept:-1} broker(s); drop them first: MALL_HOME=$MALL_HOME deploy/native/stack reset"
  fi
  printf '%s\n' "$MALL_BROKERS" >"$file"
  export MALL_BROKERS
}

shift_ports() {
  local name
  for name in "${!port[@]}"; do
    port[$name]=$((port[$name] + MALL_PORT_OFFSET))
  done
}

# The place of a service in the port plan, from 1.
rank() {
  local i
  for i in "${!services[@]}"; do
    if [[ ${services[i]} == "$1" ]]; then
      printf '%s' $((i + 1))
      return
    fi
  done
  die "there is no service '$1'"
}

# The replicas of a service, or of all: the first is called like its service, the others have their number behind it.
replicas() {
  local names=("$@") name n
  ((${#names[@]} > 0)) || names=("${services[@]}")
  for name in "${names[@]}"; do
    printf '%s\n' "$name"
    for ((n = 2; n <= MALL_REPLICAS; n++)); do printf '%s-%s\n' "$name" "$n"; done
  done
}

service_of() { printf '%s' "${1%%-*}"; }

# The number of a replica, from 1.
nth() { if [[ $1 == *-* ]]; then printf '%s' "${1##*-}"; else printf 1; fi; }

# Twenty ports further for each replica before it.
port_of() { printf '%s' $(($1 + $(rank "$(service_of "$2")") + 20 * ($(nth "$2") - 1) + MALL_PORT_OFFSET)); }

public_port() { port_of 18100 "$1"; }

ops_port() { port_of 18200 "$1"; }

public_url() { printf 'http://127.0.0.1:%s' "${port[gateway]}"; }

has_database() { [[ " ${without_database[*]} " != *" $1 "* ]]; }
