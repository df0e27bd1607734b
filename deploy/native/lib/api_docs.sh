# shellcheck shell=bash
# The page on which the gateway shows the API.

swagger_ui_version=5.35.0
swagger_ui_home=$cache/swagger-ui-$swagger_ui_version

install_api_docs() {
  [[ -d $swagger_ui_home ]] && return
  line docs "fetching Swagger UI $swagger_ui_version with npm, 12 MB"
  step docs "$npm_hint" fetch_npm api-docs "$swagger_ui_home"
}
