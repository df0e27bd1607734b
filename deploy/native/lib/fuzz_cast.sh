# shellcheck shell=bash
# Who calls the operations that are tried, and on what: a buyer with orders in three states, a seller with things that
# may be spoilt, four people who will leave, and for each kind of thing the ids that exist.

make_cast() {
  local run sku=JAIP-BOWL-B product vendor address order part
  run=$(date +%s)
  : >"$MALL_FUZZ_IDS"
  stocked || mall seed
  gather >"$MALL_HOME/fuzz/people"
  take_tokens user
  make_shelf
  make_orders
  know_people
}

stocked() { get "$(public_url)/v1/products?limit=100" | grep -q "$sku"; }

gather() {
  local it
  printf 'BUYER buyer-%s@fuzz.mall.test\n' "$run"
  printf 'SELLER jaipur@sellers.mall.test\n'
  printf 'STAFF staff@mall.test\n'
  for it in 1 2 3 4; do printf 'LEAVER_%s leaver-%s-%s@fuzz.mall.test\n' "$it" "$it" "$run"; done
}

# known PATH PARAMETER ID - an id that exists, for this parameter of the paths that begin so.
known() { printf '%s %s %s\n' "$@" >>"$MALL_FUZZ_IDS"; }

# api WHO METHOD PATH [JSON] - a request that must succeed.
api() {
  local token=MALL_FUZZ_$1 body=()
  (($# < 4)) || body=(--data "$4" -H 'content-type: application/json')
  body=$(curl -sS --fail-with-body --max-time 20 -X "$2" "${body[@]}" -H "authorization: Bearer ${!token}" \
    -H "idempotency-key: $(</proc/sys/kernel/random/uuid)" "$(public_url)$3") || {
    warn "$2 $3: $body"
    return 1
  }
  printf '%s' "$body"
}

# until_json FILTER WHO METHOD PATH [JSON] - repeats a request until jq finds something in the answer, and prints that.
until_json() {
  local filter=$1 found limit=$((SECONDS + 30))
  shift
  until found=$(api "$@" | jq -er "$filter"); do
    ((SECONDS < limit)) || die "after 30 s there is still no $filter in the answer to: $*"
    sleep 0.1
  done
  printf '%s' "$found"
}

# The seller's own product is bought; what is edited, priced and judged was made for that.
make_shelf() {
  local it draft scratch variant='{options: {}, price: {amount: 10000, currency: "INR"}}'
  product=$(api BUYER GET '/v1/products?limit=100' | jq -c --arg sku "$sku" '.items[] | select(any(.variants[]; .sku == $sku))')
  vendor=$(jq -r .vendor_id <<<"$product")
  product=$(jq -r .product_id <<<"$product")
  draft=$(api SELLER POST /v1/vendors '{"legal_name": "Fuzz Trading LLP", "display_name": "Fuzz Trading",
    "pan": "AAPFN4821K", "address": {"line1": "1 Market Street", "city": "Coimbatore", "state": "33", "pincode": "641001"},
    "bank_account": {"account_number": "012345678901", "ifsc": "HDFC0000053", "holder": "Fuzz Trading LLP"}}' | jq -r .vendor_id)
  scratch=$(api SELLER POST "/v1/vendors/$vendor/products" "$(jq -n --arg sku "FUZZ-$run" '{title: "Something to try",
    description: "", category: "decor", hsn: "6912", gst_rate_bp: 500, variants: ['"$variant"' + {sku: $sku}]}')" | jq -r .product_id)
  known /v1/ vendor_id "$vendor"
  known /v1/ product_id "$product"
  known /v1/ sku "$sku"
  known /v1/products/ id "$product"
  for it in profile bank-account kyc-documents submit; do known "/v1/vendors/{vendor_id}/$it" vendor_id "$draft"; done
  for it in prices stock; do known "/v1/vendors/{vendor_id}/$it/" sku "FUZZ-$run"; done
  known '/v1/vendors/{vendor_id}/products/' id "$scratch"
  known /v1/admin/vendors/ id "$draft"
  known /v1/admin/products/ id "$scratch"
}

# One delivered and reviewed, one just confirmed, one that is not paid yet.
make_orders() {
  local bought back invoice review parcel it
  address=$(new_address)
  known /v1/ address_id "$address"
  known /v1/me/addresses/ id "$(new_address)"
  known DELETE:/v1/me/addresses/ id "$(new_address)"
  buy cod confirmed
  bought=$order
  deliver
  back=$(api BUYER POST "/v1/orders/$bought/parts/$part/returns" \
    '{"lines": [{"position": 0, "quantity": 1}], "reason": "changed_mind"}' | jq -r .return_id)
  known '/v1/orders/{id}/returns/' id "$bought"
  known /v1/ return_id "$back"
  buy cod confirmed
  known '/v1/orders/{id}/parts/' id "$order"
  known '/v1/orders/{id}/parts/' seller_order_id "$part"
  buy cod confirmed
  send
  parcel=$(api SELLER GET "/v1/vendors/$vendor/orders/$part" | jq -r '.parcels[0].parcel_id')
  for it in parcels/ deliver turned-away came-back lost; do
    known "/v1/vendors/{vendor_id}/orders/{seller_order_id}/$it" seller_order_id "$part"
    known "/v1/vendors/{vendor_id}/orders/{seller_order_id}/$it" parcel_id "$parcel"
  done
  buy upi awaiting_payment
  known /v1/payments/ id "$(api BUYER GET "/v1/orders/$order" | jq -r .payment.payment_id)"
  owe_too_little
  # Whoever keeps the reviews hears of the delivery a moment later.
  review=$(until_json .review_id BUYER POST /v1/reviews \
    "{\"target\": {\"product_id\": \"$product\"}, \"order_id\": \"$bought\", \"stars\": 5}")
  known /v1/reviews/ id "$review"
  known /v1/admin/reviews/ id "$review"
  invoice=$(until_json '.items[0].invoice_id' BUYER GET "/v1/orders/$bought/invoices")
  known /v1/invoices/ id "$invoice"
  known /v1/ token "$(api BUYER POST "/v1/invoices/$invoice/links" '{}' | jq -r '.url | sub(".*/"; "")')"
}

# Half a rupee that came for an order which is then cancelled: less than the provider gives back, so a person has to.
owe_too_little() {
  local payment provider_order
  buy upi awaiting_payment
  payment=$(api BUYER GET "/v1/orders/$order" | jq -r .payment.payment_id)
  provider_order=$(api BUYER GET "/v1/payments/$payment" | jq -r .provider_order_id)
  curl -sS --fail-with-body --max-time 20 -H 'content-type: application/json' \
    --data '{"outcome": "captured", "amount": 50}' \
    "http://127.0.0.1:${port[sandbox]}/sandbox/orders/$provider_order/pay" >/dev/null
  until_json 'select(.status == "payment_review")' BUYER GET "/v1/payments/$payment" >/dev/null
  api BUYER POST "/v1/orders/$order/cancel" '{}' >/dev/null
  known /v1/admin/refunds/ id \
    "$(until_json '.items[0].refund_id' STAFF GET '/v1/admin/refunds?status=by_hand')"
}

new_address() {
  api BUYER POST /v1/me/addresses '{"recipient": "Asha Rao", "phone": "+919876543210", "line1": "12 MG Road",
    "city": "Bengaluru", "state": "29", "pincode": "560001"}' | jq -r .address_id
}

# buy METHOD STATUS - one piece, until the checkout has that status. Sets `order` and `part`, the seller's part of it.
buy() {
  local total checkout
  api BUYER PUT "/v1/cart/lines/$sku" '{"quantity": 1}' >/dev/null
  total=$(api BUYER GET /v1/cart | jq -c .total)
  checkout=$(api BUYER POST /v1/cart/checkout \
    "{\"address_id\": \"$address\", \"payment_method\": \"$1\", \"expected_total\": $total}" | jq -r .checkout_id)
  order=$(until_json "select(.status == \"$2\") | .order_id" BUYER GET "/v1/checkouts/$checkout")
  part=$(api BUYER GET "/v1/orders/$order" | jq -r '.seller_orders[0].seller_order_id')
  known /v1/checkouts/ id "$checkout"
  known /v1/orders/ id "$order"
  known /v1/admin/orders/ id "$order"
  known /v1/ order_id "$order"
  # Sellers see what is paid, or will be at the door.
  [[ $2 != confirmed ]] || known /v1/ seller_order_id "$part"
}

send() {
  local path=/v1/vendors/$vendor/orders/$part
  api SELLER POST "$path/accept"
  api SELLER POST "$path/pack"
  api SELLER POST "$path/ship" '{"carrier": "India Post", "tracking_number": "EE123456789IN"}'
}

deliver() {
  send
  api SELLER POST "/v1/vendors/$vendor/orders/$part/deliver"
}

know_people() {
  local it
  known /v1/me/sessions/ id "$(api LEAVER_2 GET /v1/me/sessions | jq -r '.items[0].session_id')"
  known /v1/admin/users/ id "$(api LEAVER_4 GET /v1/me | jq -r .user_id)"
  until_json '.items[0].message_id' STAFF GET /v1/admin/messages >/dev/null
  for it in $(api STAFF GET '/v1/admin/messages?limit=5' | jq -r '.items[].message_id'); do
    known /v1/admin/messages/ id "$it"
  done
}
