# shellcheck shell=bash
# Kafka: one real broker, or three that keep a copy of everything each, run from its own jars.

kafka_version=4.1.1
kafka_lib=$cache/kafka-$kafka_version

# Without the JVM's second compiler: it takes more time in the first hour than it saves (bench/README.md).
kafka_java() {
  printf 'java -Xms128m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  printf ' -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS'
  printf ' -cp "%s/*"' "$kafka_lib"
}

install_kafka() {
  [[ -d $kafka_lib ]] && return
  line kafka "fetching the broker $kafka_version with Maven, 54 MB"
  step kafka "check that this machine reaches Maven Central (a settings.xml may name another server), then repeat" \
    fetch_kafka
}

fetch_kafka() {
  local fresh=$kafka_lib.new
  rm -rf "$fresh"
  mvn -q -B -Dstyle.color=never -f "$deploy/kafka/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$fresh"
  mv "$fresh" "$kafka_lib"
}

# The brokers, called like replicas: kafka, kafka-2, kafka-3.
brokers() {
  local n
  printf 'kafka\n'
  for ((n = 2; n <= MALL_BROKERS; n++)); do printf 'kafka-%s\n' "$n"; done
}

# A hundred ports further for each broker before it.
broker_port() { printf '%s' $((port[kafka] + 100 * ($(nth "$1") - 1))); }

controller_port() { printf '%s' $((port[kafka_controller] + 100 * ($(nth "$1") - 1))); }

broker_addresses() { for_brokers broker_port 127.0.0.1:; }

# for_brokers PORT PREFIX - the address of each, comma separated; N in the prefix is its number.
for_brokers() {
  local broker
  for broker in $(brokers); do printf '%s%s\n' "${2//N/$(nth "$broker")}" "$("$1" "$broker")"; done | paste -sd,
}

# A record is taken when a majority has it.
kafka_replication() { printf '%s' "$MALL_BROKERS"; }

kafka_min_insync() { printf '%s' $(((MALL_BROKERS + 1) / 2)); }

# What `mall migrate` is told about its topics; it expects one broker unless somebody says more.
told_of_three() { if ((MALL_BROKERS > 1)); then "$1"; else printf -- -; fi; }

configure_kafka() {
  local broker quorum=controller.quorum.bootstrap.servers=127.0.0.1:${port[kafka_controller]} text
  ((MALL_BROKERS == 1)) || quorum=controller.quorum.voters=$(for_brokers controller_port N@127.0.0.1:)
  for broker in $(brokers); do
    install -d -m 0700 "$data/$broker"
    text=$(fill "$deploy/kafka/server.properties.template" "NODE=$(nth "$broker")" "PORT=$(broker_port "$broker")" \
      "CONTROLLER_PORT=$(controller_port "$broker")" "QUORUM=$quorum" "DATA=$data/$broker" \
      "REPLICATION=$(kafka_replication)" "MIN_INSYNC=$(kafka_min_insync)")
    config "$broker" "$etc/$broker.properties" <<<"$text"
    if [[ ! -f $data/$broker/meta.properties ]]; then
      step "$broker" "see the log; without events to keep, deleting $data/$broker and repeating helps" format_kafka "$broker"
    fi
  done
}

# The marker file is written last by the tool, so a half-formatted folder is formatted again. Brokers that know their
# voters from the configuration are not formatted as the only one.
format_kafka() {
  local alone=()
  ((MALL_BROKERS > 1)) || alone=(--standalone)
  java -cp "$kafka_lib/*" kafka.tools.StorageTool format "${alone[@]}" --ignore-formatted \
    -t "$(secret kafka_cluster_id)" -c "$etc/$1.properties"
}

program_kafka() {
  local broker
  for broker in $(brokers); do
    program "$broker" "$(kafka_java) kafka.Kafka \"$etc/$broker.properties\"" startsecs=3
  done
}

# Asks the broker for its API versions (request 18, version 0, no client id): 10 bytes there, and an answer that
# begins with its length and our correlation id. Starting a JVM for a probe would cost a second of CPU.
probe_kafka() {
  local answer
  answer=$(
    exec 3<>"/dev/tcp/127.0.0.1/$(broker_port "$1")"
    printf '\0\0\0\x0a\0\x12\0\0\0\0\0\x07\xff\xff' >&3
    timeout 2 head -c 8 <&3 | od -An -v -tx1 | tr -d ' \n'
  ) 2>/dev/null || return 1
  [[ $answer == ????????00000007 ]]
}
