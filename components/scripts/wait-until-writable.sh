#!/bin/sh
# Waits up to TIMEOUT_SECONDS until the Nexus in CONTAINER is writable and reports progress on stderr. Prints the id of the
# data volume on stdout; the id is created on first use and kept on the volume. The server's version is written next to
# it, since an older server cannot read the data of a newer one.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

status() {
    docker exec "$CONTAINER" curl -s -o /dev/null -w '%{http_code}' --max-time 10 \
        "$STATUS_URL/writable" 2>/dev/null || true
}

deadline=$(($(date +%s) + TIMEOUT_SECONDS))
until answer=$(status) && [ "$answer" = 200 ]; do
    state=$(docker inspect --format '{{.State.Status}} {{.RestartCount}}' "$CONTAINER" 2>/dev/null || echo 'gone 0')
    case $state in
    "running "[0-2] | "created "* | "restarting "[0-2]) ;;
    *) give_up "Nexus in $CONTAINER does not stay up (${state% *}, restarted ${state#* } times)" ;;
    esac
    [ "$(date +%s)" -lt "$deadline" ] ||
        give_up "Nexus in $CONTAINER is not writable after $TIMEOUT_SECONDS s (last answer: ${answer:-none})"
    report_waiting "Nexus is starting (answer: ${answer:-none})" "$deadline"
    sleep 0.3
done

limit_processes "$NEXUS_PIDS"

docker exec --env INSTANCE_FILE --env VERSION_FILE --env STATUS_URL "$CONTAINER" sh -c '
    [ -s "$INSTANCE_FILE" ] || od -An -N8 -tx1 /dev/urandom | tr -d " \n" >"$INSTANCE_FILE"
    version=$(curl -s -D - -o /dev/null --max-time 10 "$STATUS_URL" |
        sed -n "s|^[Ss]erver: Nexus/\([0-9.]*[0-9]\).*|\1|p")
    [ -z "$version" ] || echo "$version" >"$VERSION_FILE"
    cat "$INSTANCE_FILE"'
