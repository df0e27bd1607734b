# shellcheck shell=bash
# Writing configuration: from templates, whole or not at all, and knowing what changed.

# The programs whose configuration changed in this run; they are restarted once.
declare -A changed=()

# put FILE [MODE] - replaces FILE with standard input if it differs. Status 0: it changed.
put() {
  local file=$1 mode=${2:-0644} fresh
  fresh=$(mktemp "$file.XXXXXX")
  cat >"$fresh"
  chmod "$mode" "$fresh"
  if cmp -s "$fresh" "$file"; then
    rm -f "$fresh"
    return 1
  fi
  mv -f "$fresh" "$file"
}

# config PROGRAM FILE [MODE] - puts a configuration file and remembers whose it was.
config() {
  if put "$2" "${3:-0644}"; then
    changed[$1]=1
  fi
}

# fill TEMPLATE NAME=VALUE.. - prints a template with @NAME@ replaced; a name left over is an error.
fill() {
  local text pair
  text=$(<"$1")
  shift
  for pair in "$@"; do
    text=${text//"@${pair%%=*}@"/"${pair#*=}"}
  done
  if [[ $text =~ @[A-Z_]+@ ]]; then
    die "a template still asks for ${BASH_REMATCH[0]}"
  fi
  printf '%s\n' "$text"
}

npm_hint='check that this machine reaches the npm registry that npm is set to, then repeat'

# fetch_npm FOLDER HOME - installs what deploy/FOLDER/package-lock.json lists into HOME, whole or not at all. No script of
# a package runs.
fetch_npm() {
  local fresh=$2.new
  rm -rf "$fresh"
  mkdir -p "$fresh"
  cp "$deploy/$1/package.json" "$deploy/$1/package-lock.json" "$fresh/"
  npm ci --prefix "$fresh" --ignore-scripts --omit=dev --no-audit --no-fund
  mv "$fresh" "$2"
}
