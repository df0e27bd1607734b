# shellcheck shell=bash
# Prometheus: collects the metrics of the services.

configure_prometheus() {
  local text
  install -d -m 0700 "$data/prometheus"
  text=$(fill "$deploy/prometheus/prometheus.yml.template" "RULES=$deploy/prometheus/alerts.yml" \
    "PORT=${port[prometheus]}" "SERVICES=$(scrape_services)" "MINIO=$(scrape_minio)")
  config prometheus "$etc/prometheus.yml" <<<"$text"
}

scrape_services() {
  local replica
  for replica in $(replicas); do
    printf '      - targets: ["127.0.0.1:%s"]\n        labels: { service: %s }\n' \
      "$(ops_port "$replica")" "$(service_of "$replica")"
  done
}

scrape_minio() {
  if [[ $(object_store) == minio ]]; then
    printf '  - job_name: minio\n    metrics_path: /minio/v2/metrics/cluster\n    static_configs:\n'
    printf '      - targets: ["127.0.0.1:%s"]' "${port[minio]}"
  fi
}

program_prometheus() {
  program prometheus "prometheus --config.file=\"$etc/prometheus.yml\" --storage.tsdb.path=\"$data/prometheus\" --storage.tsdb.retention.time=7d --web.listen-address=127.0.0.1:${port[prometheus]} --log.level=warn"
}

probe_prometheus() { get "http://127.0.0.1:${port[prometheus]}/-/ready"; }
