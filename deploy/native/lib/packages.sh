# shellcheck shell=bash
# What the stack needs from the operating system, and how it gets there.

has() { command -v "$1" >/dev/null; }

# at_least WANTED FOUND - compares versions.
at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && has psql; }

has_java() {
  local version
  version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') || return 1
  [[ -n $version ]] && at_least 17 "$version"
}

has_node() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  at_least v18 "$version"
}

has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

# A test, and the packages that make it true: the first that this Debian knows is taken.
needs_table() {
  cat <<'TABLE'
has cc                                      build-essential
has c++                                     build-essential
has make                                    make
has pkg-config                              pkg-config
test -f /usr/include/openssl/ssl.h          libssl-dev
test -f /usr/include/zlib.h                 zlib1g-dev
test -f /etc/ssl/certs/ca-certificates.crt  ca-certificates
has curl                                    curl
has jq                                      jq
has git                                     git
has_postgres                                postgresql-15 postgresql-17 postgresql
has redis-server                            redis-server
has redis-cli                               redis-tools
has nginx                                   nginx-light nginx
has supervisord                             supervisor
has prometheus                              prometheus
has_java                                    openjdk-17-jre-headless openjdk-21-jre-headless
has mvn                                     maven
has_node                                    nodejs
has npm                                     npm
has pdftotext                               poppler-utils
has zbarimg                                 zbar-tools
test -f /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc  fonts-noto-cjk
has_venv                                    python3-venv
TABLE
  [[ -z ${MALL_PROFILE:-} ]] || printf 'has perf  linux-perf\n'
}

missing_packages() {
  local check packages
  while IFS=$'\t' read -r check packages; do
    # shellcheck disable=SC2086
    $check || first_known $packages
  done < <(needs_table | sed -E 's/  +/\t/')
  has_go || missing_go
}

# Go of at least this version builds the object store and the traces; without it there is a stand-in for the one.
missing_go() {
  local offered
  offered=$(apt-cache policy golang-go 2>/dev/null | sed -n 's/ *Candidate: 2:\([0-9.]*\).*/\1/p') || true
  if [[ -n $offered ]] && at_least 1.24 "$offered"; then
    printf 'golang-go\n'
  fi
}

first_known() {
  local name
  for name in "$@"; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      printf '%s\n' "$name"
      return
    fi
  done
  # An empty package list knows nothing; the installation refreshes it first.
  printf '%s\n' "$1"
}

install_packages() {
  local packages
  mapfile -t packages < <(missing_packages | sort -u)
  ((${#packages[@]} > 0)) || return 0
  has apt-get || die "this machine has no apt; install what these Debian packages contain: ${packages[*]}"
  if ((EUID == 0)); then
    announce "${packages[@]}"
    step packages "see the log; \`apt-get -f install\` mends half-installed packages" \
      "$deploy/native/apt-install" "${packages[@]}"
  elif has sudo; then
    announce "${packages[@]}"
    sudo -v
    step packages "see the log; \`sudo apt-get -f install\` mends half-installed packages" \
      sudo -n "$deploy/native/apt-install" "${packages[@]}"
  else
    die "root is needed to install packages. Run this as root, then repeat:
  apt-get install --no-install-recommends ${packages[*]}"
  fi
  mapfile -t packages < <(missing_packages | sort -u)
  ((${#packages[@]} == 0)) || die "after the installation these are still missing or too old: ${packages[*]}"
}

announce() {
  line packages "missing, installed now: $*"
  line packages "servers among them are neither started nor enabled by this"
}
