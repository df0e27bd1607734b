# shellcheck shell=bash
# The mail sink of development.

maildev_version=2.2.1
maildev_home=$cache/maildev-$maildev_version

install_mail() {
  [[ -d $maildev_home ]] && return
  line mail "fetching maildev $maildev_version with npm, 41 MB"
  step mail "$npm_hint" fetch_npm maildev "$maildev_home"
}

configure_mail() { install -d -m 0700 "$data/mail"; }

# Mails lie in a folder, so that a sink that was killed still has what it took.
program_mail() {
  program mail "node \"$maildev_home/node_modules/maildev/bin/maildev\" --ip 127.0.0.1 --smtp ${port[smtp]} --web ${port[mail]} --mail-directory \"$data/mail\" --silent"
}

probe_mail() { get "http://127.0.0.1:${port[mail]}/healthz"; }
