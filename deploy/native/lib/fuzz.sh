# shellcheck shell=bash
# Schemathesis: every operation of the twelve API documents is tried against the running services, through the gateway.

schemathesis_version=4.32.5
schemathesis_home=$cache/schemathesis-$schemathesis_version

# The same seed makes the same requests.
fuzz_seed=${MALL_FUZZ_SEED:-20261122}

install_schemathesis() {
  [[ -d $schemathesis_home ]] && return
  step schemathesis "check that pip can fetch packages, then repeat" fetch_schemathesis
}

fetch_schemathesis() {
  local fresh=$schemathesis_home.new
  rm -rf "$fresh"
  python3 -m venv "$fresh"
  "$fresh/bin/pip" install -q "schemathesis==$schemathesis_version"
  mv "$fresh" "$schemathesis_home"
}

verb_fuzz() {
  local names=("$@") name failed=()
  ((${#names[@]} > 0)) || names=("${services[@]}")
  for name in "${names[@]}"; do rank "$name" >/dev/null; done
  install_schemathesis
  part "The API documents against the services that run (MALL_FUZZ_SEED=$fuzz_seed)"
  MALL_FUZZ_IDS=$MALL_HOME/fuzz/ids MALL_FUZZ_HOOKS=$deploy/schemathesis/hooks.py
  export MALL_FUZZ_IDS MALL_FUZZ_HOOKS
  mkdir -p "$MALL_HOME/fuzz"
  step cast "see the log, and \`deploy/native/stack mall doctor\`" make_cast
  for name in "${names[@]}"; do fuzz_service "$name" || failed+=("$name"); done
  ((${#failed[@]} == 0)) || die "what these answer is not what their documents say: ${failed[*]}; see $MALL_HOME/fuzz"
}

# Tokens last ten minutes: everybody takes a fresh one for each document.
fuzz_service() {
  local name=$1 begun=$SECONDS report=$MALL_HOME/fuzz/$1.txt
  take_tokens "$name" || return 1
  # It leaves notes in the folder where it is started.
  if (cd "$MALL_HOME/fuzz" && "$schemathesis_home/bin/python" -m schemathesis.cli \
    --config-file "$deploy/schemathesis/schemathesis.toml" run --no-color --seed "$fuzz_seed" \
    --max-examples "${MALL_FUZZ_EXAMPLES:-15}" --url "$(public_url)" \
    "$project/contracts/http/$name.openapi.json") >"$report" 2>&1; then
    line "$name" "$(sed -n 's/^  \([0-9]* generated\).*/\1/p' "$report"), $((SECONDS - begun)) s"
  else
    sed -n '/= FAILURES =/,$p;/= ERRORS =/,$p' "$report"
    line "$name" "failed, $((SECONDS - begun)) s"
    return 1
  fi
}

# Those who leave are asked for once: afterwards they are gone.
take_tokens() {
  local who address token
  while read -r who address; do
    token=''
    if [[ $1 == user || $who != LEAVER_* ]]; then token=$(mall token "$address") || return 1; fi
    export "MALL_FUZZ_$who=$token"
  done <"$MALL_HOME/fuzz/people"
}
