# shellcheck shell=bash
# The queries of a service, recorded as a database with its tables answers them, so that a build needs none.

verb_prepare() {
  local service=${1:-} done=''
  [[ -n $service ]] || die "which service? Such as: make prepare s=order"
  rank "$service" >/dev/null
  has_database "$service" || die "$service has no database, so there is nothing to record"
  probe_postgres >/dev/null 2>&1 ||
    die "PostgreSQL does not answer on port ${port[postgres]}; \`make up\` or \`deploy/native/stack servers\` starts it"

  if make_scratch "prepare_$service" "$service" && record_queries "prepare_$service" "$service"; then
    done=1
  fi
  superuser_psql -c "drop database if exists prepare_$service"
  [[ $done ]] || die "the recorded queries of $service stay as they were"
  say "$(find "$project/services/$service/.sqlx" -name '*.json' | wc -l) queries in services/$service/.sqlx; commit them"
}

# A database with the tables that the migrations make, those that were not released yet among them.
make_scratch() {
  local -x PGOPTIONS='-c client_min_messages=error'
  superuser_psql -c "drop database if exists $1" -c "create database $1" &&
    cat "$project/services/$2/migrations"/*.sql | superuser_psql -d "$1" -o /dev/null
}

# Without the `touch`, cargo sees no reason to compile.
record_queries() {
  local new=$CARGO_TARGET_DIR/queries/$2 kept=$project/services/$2/.sqlx url
  url=$(secret database_url)
  rm -rf "$new"
  mkdir -p "$new" "$kept"
  touch "$project/services/$2/src/lib.rs"
  (
    export "${2^^}_DATABASE_URL=${url%/*}/$1" SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$new
    cd "$project" && cargo check -p "$2" --lib
  ) || return
  rm -f "$kept"/*.json
  find "$new" -name '*.json' -exec mv {} "$kept" \;
}
