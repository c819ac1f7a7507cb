#!/bin/sh
# Ends with one line on stderr unless the engine that DOCKER_HOST names answers within SECONDS_TO_ANSWER.
set -u
# shellcheck source=/dev/null
. "${0%/*}/layout.sh"
seconds=${SECONDS_TO_ANSWER:-$ENGINE_SECONDS}

output=$(timeout "$seconds" docker version --format '{{.Server.Version}}' 2>&1 </dev/null)
code=$?
[ "$code" != 0 ] || exit 0
case $code in
124) reason="no answer within $seconds s" ;;
127) reason="there is no docker command on this machine" ;;
*) reason="the engine does not answer: $(printf '%s\n' "$output" | tr -d '\r' | sed 's/.*stderr=//' | grep . | tail -n 1)" ;;
esac
target=${DOCKER_HOST#ssh://}
target=${target%%/*}
case $target in
*:*) target="-p ${target##*:} ${target%:*}" ;;
esac
echo "docker.host: $reason" \
    "(got $DOCKER_HOST; allowed a host with Docker 20.10 or newer that SSH reaches without asking anything)." \
    "Fix: make this work: ssh $target docker version (key, port and jump host: ~/.ssh/config)" >&2
exit 1
