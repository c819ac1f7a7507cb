#!/bin/sh
# What the client's program asks of systemctl, for docker's unit alone, on a test host without systemd.
set -eu
unit=/lib/systemd/system/docker.service

units() {
    for file in "$unit" /etc/systemd/system/docker.service.d/*.conf; do
        [ ! -e "$file" ] || { echo "# $file" && cat "$file" && echo; }
    done
}
process() { cat /run/docker.pid 2>/dev/null; }

case "$*" in
"cat docker.service") units ;;
"is-active --quiet docker") kill -0 "$(process)" ;;
"reload docker") kill -HUP "$(process)" ;;
"restart docker")
    if pid=$(process); then
        kill "$pid" 2>/dev/null || true
        while [ -e "/proc/$pid" ]; do sleep 0.1; done
    fi
    start=$(units | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | sed -n 's/^ExecStart=//p' | tail -n 1)
    # shellcheck disable=SC2086 # a command line
    nohup $start >/tmp/dockerd.log 2>&1 </dev/null &
    attempt=0
    until docker version >/dev/null 2>&1; do
        attempt=$((attempt + 1))
        [ "$attempt" -lt 100 ] || exit 1
        sleep 0.2
    done
    ;;
daemon-reload) ;;
*) echo "systemctl $*: not played here" >&2 && exit 1 ;;
esac
