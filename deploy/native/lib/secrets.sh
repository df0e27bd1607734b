# shellcheck shell=bash
# Secrets of this installation: made once, one file each, readable by their owner only.

random_hex() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# keep NAME VALUE - stores a secret unless it is there.
keep() {
  local file=$secrets/$1
  [[ -s $file ]] || printf '%s' "$2" | put "$file" 0600
}

secret() { cat "$secrets/$1"; }

make_secrets() {
  local name
  for name in postgres redis_default redis_user redis_cart minio_password \
    razorpay_key_secret razorpay_webhook_secret; do
    keep "$name" "$(random_hex 24)"
  done
  for name in otp_pepper code_seal_key key_seal_key pii_seal_key payment_pii_seal_key invoice_link_key \
    link_seal_key; do
    keep "$name" "$(random_hex 32)"
  done
  for name in "${services[@]}"; do
    if has_database "$name"; then keep "postgres_$name" "$(random_hex 24)"; fi
  done
  keep minio_user mall
  keep minio_kms_key "mall:$(head -c 32 /dev/urandom | base64 -w0)"
  keep razorpay_key_id "rzp_test_$(random_hex 7)"
  keep kafka_cluster_id "$(head -c 16 /dev/urandom | base64 -w0 | tr '+/' 'ab' | tr -d '=')"
  derive_urls
}

# Addresses that contain a password are secrets too; they follow the ports, so they are written every time.
derive_urls() {
  local name
  database_url postgres postgres | put "$secrets/database_url" 0600 || true
  for name in "${services[@]}"; do
    if has_database "$name"; then
      database_url "postgres_$name" "mall_$name" | put "$secrets/database_url_$name" 0600 || true
    fi
  done
  for name in default user cart; do
    printf 'redis://%s:%s@127.0.0.1:%s/0' "$name" "$(secret "redis_$name")" "${port[redis]}" |
      put "$secrets/redis_url_$name" 0600 || true
  done
}

# database_url SECRET NAME - role and database of a service have the same name.
database_url() {
  printf 'postgres://%s:%s@127.0.0.1:%s/%s' "$2" "$(secret "$1")" "${port[postgres]}" "$2"
}
