# shellcheck shell=bash
# Kafka: the real broker, run from its own jars.

kafka_version=4.1.1
kafka_lib=$cache/kafka-$kafka_version

kafka_java() {
  printf 'java -Xms128m -Xmx256m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
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

configure_kafka() {
  local text
  install -d -m 0700 "$data/kafka"
  text=$(fill "$deploy/kafka/server.properties.template" "PORT=${port[kafka]}" \
    "CONTROLLER_PORT=${port[kafka_controller]}" "DATA=$data/kafka")
  config kafka "$etc/kafka.properties" <<<"$text"
  if [[ ! -f $data/kafka/meta.properties ]]; then
    step kafka "see the log; without events to keep, deleting $data/kafka and repeating helps" format_kafka
  fi
}

# The marker file is written last by the tool, so a half-formatted folder is formatted again.
format_kafka() {
  java -cp "$kafka_lib/*" kafka.tools.StorageTool format --standalone --ignore-formatted \
    -t "$(secret kafka_cluster_id)" -c "$etc/kafka.properties"
}

program_kafka() { program kafka "$(kafka_java) kafka.Kafka \"$etc/kafka.properties\"" startsecs=3; }

# Asks the broker for its API versions (request 18, version 0, no client id): 10 bytes there, and an answer that
# begins with its length and our correlation id. Starting a JVM for a probe would cost a second of CPU.
probe_kafka() {
  local answer
  answer=$(
    exec 3<>"/dev/tcp/127.0.0.1/${port[kafka]}"
    printf '\0\0\0\x0a\0\x12\0\0\0\0\0\x07\xff\xff' >&3
    timeout 2 head -c 8 <&3 | od -An -v -tx1 | tr -d ' \n'
  ) 2>/dev/null || return 1
  [[ $answer == ????????00000007 ]]
}
