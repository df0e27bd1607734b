# shellcheck shell=bash
# Programs that outlived the one that started them: workers of a killed server, or everything after a killed
# supervisor. They are known by the process group that a program noted when it started, never by their name.

# members GROUP FOLDER.. - the processes of a group that work in one of our folders. A number can be older than the
# last start of the machine and belong to somebody else by now; the folder tells.
members() {
  local group=$1 stat line pid pgrp
  shift
  for stat in /proc/[0-9]*/stat; do
    { IFS= read -r line <"$stat"; } 2>/dev/null || continue
    pid=${line%% *}
    # The name of a process, in parentheses, may contain anything.
    read -r _ _ pgrp _ <<<"${line##*) }"
    if [[ $pgrp == "$group" ]] && works_in "$pid" "$@"; then printf '%s\n' "$pid"; fi
  done
}

works_in() {
  local pid=$1 place folder
  shift
  place=$(readlink "/proc/$pid/cwd" 2>/dev/null) || return 1
  for folder in "$@"; do
    [[ $place/ != "$folder"/* ]] || return 0
  done
  return 1
}

# end_all PID.. - asks, and after ten seconds does not ask any more.
end_all() {
  local limit=$((SECONDS + 10))
  (($# > 0)) || return 0
  kill -TERM "$@" 2>/dev/null || true
  while kill -0 "$@" 2>/dev/null; do
    if ((SECONDS >= limit)); then
      kill -KILL "$@" 2>/dev/null || true
      return
    fi
    sleep 0.1
  done
}

# After a killed supervisor: everything it had started.
stop_orphans() {
  local file group pids=() found
  for file in "$run"/*.group "$(postgres_data)/postmaster.pid"; do
    group=$(head -n 1 "$file" 2>/dev/null) || continue
    [[ $group =~ ^[0-9]+$ ]] || continue
    mapfile -t found < <(members "$group" "$MALL_HOME" "$(postgres_data)")
    pids+=("${found[@]}")
  done
  ((${#pids[@]} > 0)) || return 0
  line supervisor "was killed; stopping ${#pids[@]} processes it left behind"
  end_all "${pids[@]}"
}
