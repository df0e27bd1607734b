# shellcheck shell=bash
# nginx as the gateway.

# Everybody who signs in here comes from one address, and signing in takes two requests: the hundred buyers of
# `mall crowd` and a suite of tests of somebody's client have to get in. What is open to the world says
# MALL_OTP_RATE=30r/m MALL_OTP_BURST=20.
configure_gateway() {
  local text upstreams=''
  upstreams=$(upstream_blocks)
  # As root the workers stay root: a project in a closed home is unreachable for anybody else.
  text=$(fill "$deploy/nginx/gateway.conf.template" "USER=$( ((EUID != 0)) || printf 'user root;')" \
    "RUN=$run" "PORT=${port[gateway]}" "UPSTREAMS=$upstreams" "PUBLIC_URL=$(public_url)" "DOCS=$project/docs" \
    "ROUTES=$deploy/nginx/routes.conf" "API=$project/contracts/mall.openapi.json" \
    "API_DOCS=$deploy/api-docs" "SWAGGER_UI=$swagger_ui_home/node_modules/swagger-ui-dist" \
    "OTP_RATE=${MALL_OTP_RATE:-10r/s}" "OTP_BURST=${MALL_OTP_BURST:-200}" \
    "SEARCH_RATE=${MALL_SEARCH_RATE:-20r/s}" "SEARCH_BURST=${MALL_SEARCH_BURST:-40}" \
    "BODY_TIMEOUT=${MALL_BODY_TIMEOUT:-15s}")
  put "$etc/gateway.conf.new" <<<"$text" || true
  step gateway "mend deploy/nginx/gateway.conf.template or the rate you asked for" check_gateway
  config gateway "$etc/gateway.conf" <"$etc/gateway.conf.new"
  rm -f "$etc/gateway.conf.new"
}

# No replica is put aside because it failed: on one machine it costs nothing to be refused, and one that was put aside
# would be missed when the other one ends. A kept connection that is idle is closed here after a second, and by a service
# that ends after two, so that nothing is sent into a connection that is being closed.
upstream_blocks() {
  local name replica
  for name in "${services[@]}"; do
    printf '\n  upstream %s {\n' "$name"
    for replica in $(replicas "$name"); do
      printf '    server 127.0.0.1:%s max_fails=0;\n' "$(public_port "$replica")"
    done
    printf '    keepalive 16;\n    keepalive_timeout 1s;\n  }'
  done
}

check_gateway() { nginx -t -q -e stderr -c "$etc/gateway.conf.new"; }

program_gateway() { program gateway "$(command -v nginx) -e stderr -c \"$etc/gateway.conf\""; }

# Any answer of its own will do: the services need not be there.
probe_gateway() {
  [[ $(curl -s --max-time 2 -o /dev/null -w '%{http_code}' "$(public_url)/") == 200 ]]
}
