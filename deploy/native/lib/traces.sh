# shellcheck shell=bash
# Jaeger: keeps and shows the traces. Built from source; off where Go is missing.

jaeger_version=v1.76.0
jaeger=$cache/bin/jaeger-memory-$jaeger_version

has_traces() { [[ -x $jaeger ]]; }

install_traces() {
  has_traces && return
  if ! has_go; then
    line traces "off, because Go 1.24 or newer is missing"
    return
  fi
  line traces "building Jaeger from source, once per machine: about 2 minutes on 2 cores"
  step traces "check that Go can fetch modules (go env GOPROXY), then repeat" build_jaeger
}

# Traces are kept in memory here. The whole of Jaeger also compiles the clients of five databases and takes four times
# as long, so the files under `deploy/jaeger/source` take their place in a copy of its source.
build_jaeger() {
  local source copy=$cache/jaeger-source
  source=$(go_source github.com/jaegertracing/jaeger "$jaeger_version")
  rm -rf "$copy"
  cp -r --no-preserve=mode "$source" "$copy"
  rm -r "$copy/cmd/jaeger/internal/extension/jaegerstorage" "$copy/internal/storage/v1/factory"
  cp -r "$deploy/jaeger/source/." "$copy"
  build_go "$copy" ./cmd/jaeger "$jaeger"
  rm -rf "$copy"
}

configure_traces() {
  local text
  text=$(fill "$deploy/jaeger/jaeger.yaml.template" "OTLP_GRPC=${port[otlp_grpc]}" "OTLP=${port[otlp]}" \
    "QUERY=${port[traces]}" "QUERY_GRPC=${port[traces_grpc]}")
  config traces "$etc/jaeger.yaml" <<<"$text"
}

program_traces() { program traces "\"$jaeger\" --config \"$etc/jaeger.yaml\""; }

probe_traces() { get "http://127.0.0.1:${port[traces]}/api/services"; }
