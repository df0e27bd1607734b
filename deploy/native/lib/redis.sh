# shellcheck shell=bash
# Redis: one user per service that keeps something there, each in its own key space.

configure_redis() {
  local text
  install -d -m 0700 "$data/redis"
  text=$(fill "$deploy/redis/users.acl.template" "DEFAULT=$(hash_of redis_default)" \
    "USER=$(hash_of redis_user)" "CART=$(hash_of redis_cart)")
  config redis "$etc/redis-users.acl" 0600 <<<"$text"
  text=$(fill "$deploy/redis/redis.conf.template" "PORT=${port[redis]}" "DATA=$data/redis" \
    "ACL=$etc/redis-users.acl")
  config redis "$etc/redis.conf" <<<"$text"
}

hash_of() { secret "$1" | sha256sum | cut -d' ' -f1; }

program_redis() { program redis "redis-server \"$etc/redis.conf\""; }

probe_redis() {
  [[ $(REDISCLI_AUTH=$(secret redis_default) redis-cli -h 127.0.0.1 -p "${port[redis]}" ping) == PONG ]]
}
