#!/bin/bash
# What the package's scripts ask of systemctl, in a root without systemd: akart.service runs as its unit says, and
# /tmp/units has what was done, with the version whose files lay there. What changes files alone, systemctl itself does.
set -eu
unit=/usr/lib/systemd/system/akart.service
pid=/run/akart.pid

version() { node -p 'require("/usr/lib/akart/package.json").version'; }
setting() { sed -n "s/^$1=//p" "$unit"; }
# $@: a command that is true in the end.
wait_for() {
  for _ in $(seq 600); do
    if "$@"; then return; fi
    sleep 0.1
  done
  echo "waited in vain for: $*" >&2
  exit 1
}
has_begun() { [ -e "$pid" ]; }
has_ended() { [ ! -e "$pid" ]; }

run() {
  local user
  user=$(setting User)
  # shellcheck disable=SC2046 # words of the unit
  setpriv --reuid="$user" --regid="$user" --clear-groups env HOME=/var/lib/akart $(setting Environment) \
    $(setting ExecStart) --iso-port 0 --http-port 0 >/tmp/up.out 2>/tmp/up.err &
  echo $! >"$pid"
  local status=0
  wait $! || status=$?
  echo "ended $status" >>/tmp/units
  rm "$pid"
}

case $1 in
daemon-reload) ;;
list-units) if ! has_ended; then echo 'akart.service loaded active running Akart, gift cards for retail chains'; fi ;;
start)
  [ "$2" = akart.service ]
  if [ "$(readlink /etc/systemd/system/akart.service)" = /dev/null ]; then
    echo 'Failed to start akart.service: Unit akart.service is masked.' >&2
    exit 1
  fi
  # Type=exec: systemctl does not wait until it serves.
  rm -f /tmp/up.out
  run </dev/null >/dev/null 2>&1 &
  wait_for has_begun
  echo "started $(version)" >>/tmp/units
  ;;
stop)
  [ "$2" = akart.service ]
  if ! has_ended; then
    kill "$(cat "$pid")"
    wait_for has_ended
    echo "stopped $(version)" >>/tmp/units
  fi
  ;;
enable | disable) exec /usr/bin/systemctl --root=/ "$@" ;;
*) exit 1 ;;
esac
