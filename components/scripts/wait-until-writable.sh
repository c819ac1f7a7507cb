#!/bin/sh
# Waits until the Nexus in CONTAINER can be written to, at most TIMEOUT_SECONDS; says on stderr what it waits for and
# prints on stdout the id of its data volume, which is made on first use and stays with the data. The server's version is
# written beside it, since an older one does not read what this one writes.
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
