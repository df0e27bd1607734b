# shellcheck shell=bash
# The supervisor: starts the programs, restarts what dies, and is asked and stopped through its own socket only.

socket() { printf '%s/supervisor.sock' "$run"; }

ctl() { supervisorctl -c "$etc/supervisord.conf" "$@"; }

supervisor_answers() {
  [[ -S $(socket) && -f $etc/supervisord.conf ]] && ctl pid 2>/dev/null | grep -qE '^[0-9]+$'
}

# The supervisor reads % as the start of a placeholder.
plain() { printf '%s' "${1//%/%%}"; }

configure_supervisor() {
  local text files
  files=$(ulimit -Hn)
  if [[ $files == unlimited ]] || ((files > 65536)); then files=65536; fi
  mkdir -p "$etc/programs"
  text=$(fill "$deploy/native/supervisord.conf.template" \
    "SOCKET=$(plain "$(socket)")" "PIDFILE=$(plain "$run/supervisord.pid")" "LOG=$(plain "$log")" \
    "PROGRAMS=$(plain "$etc/programs")" "FILES=$files" "USER=$(id -un)")
  put "$etc/supervisord.conf" <<<"$text" || true
}

# program NAME COMMAND [SETTING..] - prints the section of one supervised program.
program() {
  local name=$1 command="\"$deploy/native/alone\" \"$run/$1.group\" $2"
  shift 2
  section "$name" "$command" "directory=$(plain "$MALL_HOME")" "$@"
}

# It never gives up: each failed start waits a second longer than the one before.
section() {
  local name=$1 command=$2
  shift 2
  cat <<SECTION
[program:$name]
command=$(plain "$command")
autorestart=true
startsecs=1
startretries=1000000
stopwaitsecs=20
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile=$(plain "$log/$name.log")
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=3
$(printf '%s\n' "$@")

SECTION
}

# Lets the supervisor take up new and changed programs, starting it if it is not there. Each program is a unit of its
# own: one that is new or changed does not disturb the others.
start_supervisor() {
  local news name
  if supervisor_answers; then
    news=$(ctl update)
    for name in "${!changed[@]}"; do
      # It has just started with its new configuration.
      if grep -qE "^$name: (added|updated)" <<<"$news"; then unset "changed[$name]"; fi
    done
    return
  fi
  stop_orphans
  step supervisor "read the log; \`deploy/native/stack down\` clears what is left of an earlier run" launch_supervisor
  changed=()
}

launch_supervisor() {
  supervisord -c "$etc/supervisord.conf" 9>&-
  within 10 supervisor_answers
}

# start_all NAME.. - starts what is stopped or gave up, and restarts what runs with an old configuration.
start_all() {
  local name
  for name in "$@"; do
    case $(state_of "$name") in
      RUNNING | STARTING | BACKOFF)
        [[ -n ${changed[$name]:-} ]] || continue
        take_up "$name"
        ;;
      *) ctl start "$name" >/dev/null || true ;;
    esac
  done
  changed=()
}

# Those that read their configuration again when they are told keep their connections.
take_up() {
  case $1 in
    gateway | prometheus)
      ctl signal HUP "$1" >/dev/null || true
      line "$1" "told to read its configuration, it changed"
      ;;
    *)
      ctl restart "$1" >/dev/null || true
      line "$1" "restarted, it changed"
      # Only then the other replicas.
      if ((MALL_REPLICAS > 1)) && is_service "$(service_of "$1")"; then await "$1" probe_service "$1"; fi
      ;;
  esac
}

# The state of one program in the supervisor's words: RUNNING, STARTING, BACKOFF, FATAL, ..
state_of() { ctl status "$1" 2>/dev/null | awk '{print $2}'; }

stop_supervisor() {
  local pid
  if ! supervisor_answers; then
    stop_orphans
    return
  fi
  pid=$(ctl pid)
  # All at once: at its own end the supervisor stops them one after the other, and a service without its servers takes
  # its whole time.
  ctl stop all >/dev/null || true
  ctl shutdown >/dev/null
  within 90 gone "$pid" || die "the supervisor (process $pid) does not stop; its log is $log/supervisord.log"
}

gone() { ! kill -0 "$1" 2>/dev/null; }
