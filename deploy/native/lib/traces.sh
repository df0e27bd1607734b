# shellcheck shell=bash
# Jaeger: keeps and shows the traces. Built from source; off where Go is missing.

jaeger_version=v1.76.0
jaeger=$cache/bin/jaeger-$jaeger_version

has_traces() { [[ -x $jaeger ]]; }

install_traces() {
  has_traces && return
  if ! has_go; then
    line traces "off, because Go 1.24 or newer is missing"
    return
  fi
  line traces "building Jaeger from source, once per machine: about 3 minutes on 2 cores"
  step traces "check that Go can fetch modules (go env GOPROXY), then repeat" build_jaeger
}

# `go install` refuses a module with replace lines; its own folder checks every hash against its own go.sum.
build_jaeger() {
  local source fresh
  source=$(go mod download -json "github.com/jaegertracing/jaeger@$jaeger_version" | jq -r .Dir)
  fresh=$(mktemp "$cache/bin/build.XXXXXX")
  # Memory for time: the compiler collects its garbage less often.
  CGO_ENABLED=0 GOGC=400 go build -C "$source" -mod=readonly -trimpath -ldflags "-s -w" -o "$fresh" ./cmd/jaeger
  mv "$fresh" "$jaeger"
}

configure_traces() {
  local text
  text=$(fill "$deploy/jaeger/jaeger.yaml.template" "OTLP_GRPC=${port[otlp_grpc]}" "OTLP=${port[otlp]}" \
    "QUERY=${port[traces]}" "QUERY_GRPC=${port[traces_grpc]}")
  config traces "$etc/jaeger.yaml" <<<"$text"
}

program_traces() { program traces "\"$jaeger\" --config \"$etc/jaeger.yaml\""; }

probe_traces() { get "http://127.0.0.1:${port[traces]}/api/services"; }
