# shellcheck shell=bash
# What the stack tells the person who started it, and how a long step reports on itself.

say() { printf '%s\n' "$*"; }

# A heading of the run: one per part of the work.
part() { printf '\n%s\n' "$*"; }

# One finished thing: name, what happened.
line() { printf '  %-14s %s\n' "$1" "$2"; }

warn() { printf '  ! %s\n' "$*" >&2; }

die() {
  printf '\nstopped: %s\n' "$*" >&2
  exit 1
}

# fail WHAT COMMAND LOG ADVICE - a step went wrong: which command, the last lines of its log, what to do.
fail() {
  local what=$1 command=$2 log=$3 advice=$4
  {
    printf '\n%s failed.\n  command: %s\n' "$what" "$command"
    if [[ -s $log ]]; then
      printf '  last lines of %s:\n' "$log"
      tail -n 15 "$log" | sed 's/^/    /'
    fi
    printf '  what to do: %s\n' "$advice"
  } >&2
  exit 1
}

# Prints the elapsed time of a long step until it is killed or its parent is gone.
tick() {
  local what=$1 begun=$SECONDS
  while sleep 15 && kill -0 "$$" 2>/dev/null; do
    line "$what" "still working, $((SECONDS - begun)) s"
  done
}

# step WHAT ADVICE COMMAND.. - runs a quiet command, with its output in a log, and says how long it took.
step() {
  local what=$1 advice=$2 begun=$SECONDS log status=0 ticker
  shift 2
  mkdir -p "$MALL_HOME/log"
  log=$MALL_HOME/log/step-${what//[^a-z0-9]/-}.log
  tick "$what" 9>&- &
  ticker=$!
  # The subshell gets errexit of its own; in a condition bash would switch it off for the whole step.
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1
  status=$?
  set -e
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  ((status == 0)) || fail "$what" "$*" "$log" "$advice"
  line "$what" "done, $((SECONDS - begun)) s"
}
