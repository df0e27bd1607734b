# shellcheck shell=bash
# Every setting that the stack gives to a program, once.

# The table below, filled in once for all who are asked for.
settings_filled=''

# Who, key, value. Who: all twelve services, stored (those with a database), traced (only while traces are on),
# one service, sandbox (the payment provider of development), or operator (the `mall` command).
#
# Limits on a network or an account (codes, checkouts in a quarter of an hour) are wide, because everybody is one person
# here. The limits of the till (ADR 26) are those of a mall that sells, unless MALL_OPEN_ORDERS says otherwise: a client
# has to show both refusals, and whoever makes one should meet them here first: at the fourth unpaid order, at the fourth
# that is on its way in cash, and in cash after two parcels that nobody took. Paying, cancelling or delivering lets the
# buyer go on. Tests and the bench, whose buyers order all day, ask for more.
settings_table() {
  cat <<TABLE
all       MALL__HTTP_ADDR               127.0.0.1:@PUBLIC_PORT@
all       MALL__OPS_ADDR                127.0.0.1:@OPS_PORT@
all       MALL__PUBLIC_URL              $(public_url)
all       MALL__LOG                     info
all       MALL__KAFKA_BROKERS           $(broker_addresses)
all       MALL__KAFKA_PARTITIONS        3
all       MALL__KAFKA_REPLICATION       $(told_of_three kafka_replication)
all       MALL__KAFKA_MIN_INSYNC        $(told_of_three kafka_min_insync)
all       MALL__TOPIC_PREFIX
all       MALLOC_ARENA_MAX              1
all       MALL__S3_ENDPOINT             http://127.0.0.1:${port[minio]}
all       MALL__S3_ACCESS_KEY_FILE      $secrets/minio_user
all       MALL__S3_SECRET_KEY_FILE      $secrets/minio_password
all       MALL__CLOCK_SHIFT_S_FILE      $(clock_file)
all       MALL__STAFF_WITHOUT_SECOND_FACTOR ${MALL_STAFF_WITHOUT_SECOND_FACTOR:-true}
stored    MALL__DATABASE_URL_FILE       $secrets/database_url_@ME@
traced    MALL__OTLP_ENDPOINT           http://127.0.0.1:${port[otlp]}
user      USER__REDIS_URL_FILE          $secrets/redis_url_user
user      USER__OTP_PEPPER_FILE         $secrets/otp_pepper
user      USER__CODE_SEAL_KEY_FILE      $secrets/code_seal_key
user      USER__KEY_SEAL_KEY_FILE       $secrets/key_seal_key
user      USER__STAFF_EMAILS            staff@mall.test,second@mall.test
user      USER__CODES_PER_ACCOUNT       ${MALL_CODES_PER_ACCOUNT:-1000}
user      USER__CODES_PER_NETWORK       ${MALL_CODES_PER_NETWORK:-1000}
user      USER__WRONG_CODES_PER_NETWORK ${MALL_CODES_PER_NETWORK:-1000}
vendor    VENDOR__PII_SEAL_KEY_FILE     $secrets/pii_seal_key
vendor    VENDOR__RAZORPAY_URL          http://127.0.0.1:${port[sandbox]}
vendor    VENDOR__RAZORPAY_KEY_ID_FILE  $secrets/razorpay_key_id
vendor    VENDOR__RAZORPAY_KEY_SECRET_FILE $secrets/razorpay_key_secret
cart      CART__REDIS_URL_FILE          $secrets/redis_url_cart
cart      CART__CHECKOUTS_PER_WINDOW    ${MALL_CHECKOUTS_PER_WINDOW:-1000}
cart      CART__UNPAID_ORDERS           ${MALL_OPEN_ORDERS:--}
cart      CART__CASH_ORDERS             ${MALL_OPEN_ORDERS:--}
cart      CART__CASH_TURNED_AWAY        ${MALL_OPEN_ORDERS:--}
payment   PAYMENT__RAZORPAY_URL         http://127.0.0.1:${port[sandbox]}
payment   PAYMENT__RAZORPAY_KEY_ID_FILE $secrets/razorpay_key_id
payment   PAYMENT__RAZORPAY_KEY_SECRET_FILE $secrets/razorpay_key_secret
payment   PAYMENT__WEBHOOK_SECRET_FILE  $secrets/razorpay_webhook_secret
payment   PAYMENT__RAZORPAY_ACCOUNT_ID  acc_MallSandbox001
payment   PAYMENT__PII_SEAL_KEY_FILE    $secrets/payment_pii_seal_key
payment   PAYMENT__UPI_PAYEE_VPA        mall@upi
payment   PAYMENT__UPI_PAYEE_NAME       Mall
invoice   INVOICE__LINK_KEY_FILE        $secrets/invoice_link_key
invoice   INVOICE__LINK_SEAL_KEY_FILE   $secrets/link_seal_key
invoice   INVOICE__PLATFORM_PREFIX      MALL
invoice   INVOICE__PLATFORM_NAME        Mall Marketplace Private Limited
invoice   INVOICE__PLATFORM_GSTIN       07AAMCM2627M1Z2
invoice   INVOICE__PLATFORM_LINE1       1 Barakhamba Road
invoice   INVOICE__PLATFORM_CITY        New Delhi
invoice   INVOICE__PLATFORM_PINCODE     110001
email     EMAIL__SMTP_URL               smtp://127.0.0.1:${port[smtp]}
email     EMAIL__FROM                   Mall <no-reply@mall.test>
email     EMAIL__CODE_SEAL_KEY_FILE     $secrets/code_seal_key
email     EMAIL__LINK_SEAL_KEY_FILE     $secrets/link_seal_key
admin     ADMIN__SERVICES               $(ops_addresses)
sandbox   SANDBOX__ADDR                 127.0.0.1:${port[sandbox]}
sandbox   SANDBOX__KEY_ID_FILE          $secrets/razorpay_key_id
sandbox   SANDBOX__KEY_SECRET_FILE      $secrets/razorpay_key_secret
sandbox   SANDBOX__WEBHOOK_SECRET_FILE  $secrets/razorpay_webhook_secret
sandbox   SANDBOX__WEBHOOK_URL          $(public_url)/v1/webhooks/razorpay
sandbox   SANDBOX__LEDGER_FILE          $data/sandbox.jsonl
sandbox   SANDBOX__CLOCK_SHIFT_S_FILE   $(clock_file)
sandbox   MALL_SANDBOX_AUTOPAY          ${MALL_SANDBOX_AUTOPAY:--}
operator  MALL_GATEWAY_URL              $(public_url)
operator  MALL_ENV_DIR                  $etc
operator  MALL_KAFKA_BROKERS            $(broker_addresses)
operator  MALL_SANDBOX_URL              http://127.0.0.1:${port[sandbox]}
operator  MALL_MAIL_API                 http://127.0.0.1:${port[mail]}
operator  MALL_TRACES_URL               $(traces_url)
operator  MALL_PROMETHEUS_URL           http://127.0.0.1:${port[prometheus]}
TABLE
}

# name=address of every replica's operator port, comma separated.
ops_addresses() {
  local name
  for name in $(replicas); do printf '%s=http://127.0.0.1:%s,' "$name" "$(ops_port "$name")"; done | sed 's/,$//'
}

# Where it is written by how many seconds all clocks were moved on (`mall clock`), or - where the services run as they are
# shipped, whose clocks cannot be moved. It goes with the data, whose times it belongs to.
clock_file() { if [[ ${MALL_BUILD:-debug} == dist ]]; then printf -- -; else printf '%s/clock_shift_s' "$data"; fi; }

# Nobody moved them yet.
make_clock() { [[ -f $data/clock_shift_s ]] || printf '0\n' >"$data/clock_shift_s"; }

traces_url() { if has_traces; then printf 'http://127.0.0.1:%s' "${port[traces]}"; else printf -- -; fi; }

# The KEY=VALUE lines of one program. A value of - is left out, as if nobody had said anything. Replicas of a service
# differ in their ports only.
settings_of() {
  local name=$1 me public_port='' ops_port='' who key value
  me=$(service_of "$name")
  if is_service "$me"; then public_port=$(public_port "$name") ops_port=$(ops_port "$name"); fi
  while read -r who key value; do
    concerns "$who" "$me" || continue
    value=${value//@ME@/$me}
    value=${value//@PUBLIC_PORT@/$public_port}
    value=${value//@OPS_PORT@/$ops_port}
    [[ $value == - ]] || printf '%s=%s\n' "$key" "$value"
  done <<<"${settings_filled:-$(settings_table)}"
  settings_from_caller "$me"
}

concerns() {
  local who=$1 me=$2
  case $who in
    all) is_service "$me" ;;
    stored) is_service "$me" && has_database "$me" ;;
    traced) is_service "$me" && has_traces ;;
    *) [[ $who == "$me" ]] ;;
  esac
}

is_service() { [[ " ${services[*]} " == *" $1 "* ]]; }

# ORDER__SOME_KEY=.. deploy/native/stack services: what the caller's environment says about a program comes last and wins.
settings_from_caller() {
  local me=$1 name
  while IFS= read -r name; do
    if [[ $name == "${me^^}"__* ]] || { [[ $name == MALL__* ]] && is_service "$me"; }; then
      printf '%s=%s\n' "$name" "${!name}"
    fi
  done < <(compgen -e)
}

# write_settings NAME - the settings file of a supervised program.
write_settings() {
  local text
  settings_filled=${settings_filled:-$(settings_table)}
  make_clock
  text=$(settings_of "$1")
  config "$1" "$etc/$1.env" 0600 <<<"$text"
}
