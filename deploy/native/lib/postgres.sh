# shellcheck shell=bash
# PostgreSQL: one server, one database and one role per service.

# The folder with initdb and postgres, newest version first.
postgres_bin() {
  local dir
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
    if [[ -x $dir/initdb && -x $dir/postgres ]]; then
      printf '%s' "$dir"
      return
    fi
  done
  die "PostgreSQL is missing; \`deploy/native/stack install\` installs it"
}

# PostgreSQL refuses to run as root.
postgres_user() { if ((EUID == 0)); then printf postgres; else id -un; fi; }

as_postgres() {
  if ((EUID == 0)); then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

# Its folder must be reachable by that user. A project inside a closed home is not: then the data lies in /var/lib.
postgres_data() {
  if ((EUID != 0)) || as_postgres test -x "$data"; then
    printf '%s/postgres' "$data"
  else
    printf '/var/lib/mall-%s/postgres' "$(printf '%s' "$MALL_HOME" | sha256sum | cut -c1-12)"
  fi
}

configure_postgres() {
  local dir text
  dir=$(postgres_data)
  # Outside of the installation it outlives a deleted one, whose password nobody knows any more.
  if [[ $dir != "$data/postgres" && -f $dir/PG_VERSION && $secrets/postgres -nt $dir/PG_VERSION ]]; then
    die "the database in $dir belongs to an installation that was here before and was deleted; \`make reset\` drops it"
  fi
  if [[ ! -f $dir/PG_VERSION ]]; then
    step postgres "if the log speaks of permissions, check the owner of $dir" create_cluster "$dir"
  fi
  text=$(<"$deploy/postgres/postgresql.conf")
  [[ -z ${MALL_PROFILE:-} ]] || text+=$'\n'"shared_preload_libraries = 'pg_stat_statements'"$'\npg_stat_statements.track_planning = on'
  config postgres "$dir/mall.conf" <<<"$text"
}

# Beside the place where it belongs, so that a half-made cluster is never taken for a whole one.
create_cluster() {
  local dir=$1 fresh=$1.new bin
  bin=$(postgres_bin)
  mkdir -p "${dir%/*}"
  rm -rf "$fresh"
  if ((EUID == 0)); then
    install -d -o postgres -g postgres -m 0700 "$fresh"
  fi
  # The pipe of the password must belong to the user who reads it.
  # shellcheck disable=SC2016
  secret postgres | as_postgres bash -c 'exec "$1" -D "$2" -A scram-sha-256 -U postgres --pwfile=<(cat) --locale=C.UTF-8 -E UTF8' \
    bash "$bin/initdb" "$fresh"
  mv "$fresh" "$dir"
}

program_postgres() {
  local dir bin
  dir=$(postgres_data)
  bin=$(postgres_bin)
  # SIGINT is its fast shutdown: SIGTERM would wait for every client. Its processes notice by themselves when the first
  # of them is killed.
  section postgres "$bin/postgres -D \"$dir\" -c config_file=\"$dir/mall.conf\" -p ${port[postgres]}" \
    "directory=$(plain "$dir")" "user=$(postgres_user)" stopsignal=INT
}

superuser_psql() {
  PGPASSWORD=$(secret postgres) psql -Xq -v ON_ERROR_STOP=1 \
    -h 127.0.0.1 -p "${port[postgres]}" -U postgres -d postgres "$@"
}

probe_postgres() { superuser_psql -Atc 'select 1'; }

# Passwords go through standard input, never into a log or a process list.
create_databases() {
  local name
  for name in "${services[@]}"; do
    if has_database "$name"; then
      {
        printf "\\\\set name mall_%s\n\\\\set password '%s'\n" "$name" "$(secret "postgres_$name")"
        cat "$deploy/postgres/database.sql"
      } | superuser_psql -f - -o /dev/null
    fi
  done
}
