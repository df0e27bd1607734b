# shellcheck shell=bash
# Waiting for the thing itself, with a limit.

# within SECONDS COMMAND.. - repeats a check until it holds. Status 1: it never did.
within() {
  local limit=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < limit)) || return 1
    sleep 0.1
  done
}

# await NAME PROBE.. - waits until a program answers, and says how long it took. One that was started four times and
# still does not, or has waited a minute, has failed.
await() {
  local name=$1 begun=$SECONDS told=0 group='' starts=0 waited
  shift
  until "$@" >/dev/null 2>&1; do
    waited=$((SECONDS - begun))
    if [[ -f $run/$name.group && $group != "$(<"$run/$name.group")" ]]; then
      group=$(<"$run/$name.group")
      starts=$((starts + 1))
    fi
    if ((waited >= 60 || starts > 3)); then
      fail "$name" "$(command_of "$name")" "$log/$name.log" \
        "mend what the log says, then repeat the command; \`deploy/native/stack logs $name\` shows more"
    fi
    if ((waited >= told + 10)); then
      told=$waited
      line "$name" "not ready yet, $waited s"
    fi
    sleep 0.1
  done
  line "$name" "ready, $((SECONDS - begun)) s"
}

command_of() { sed -n "/^\[program:$1\]$/,/^command=/s/^command=//p" "$etc"/programs/*.conf; }

# Something listens on this port of the machine.
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

get() { curl -fsS --max-time 2 "$1"; }
