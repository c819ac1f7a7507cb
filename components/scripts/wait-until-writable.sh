#!/bin/sh
# Waits until the Nexus in CONTAINER can be written to, at most TIMEOUT_SECONDS; says on stderr what it waits for and
# prints on stdout the id of its data volume, which is made on first use and stays with the data. The server's version is
# written beside it, since an older one does not read what this one writes.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/own-environment.sh"
# shellcheck source=/dev/null
. "${0%/*}/layout.sh"

status() {
    docker exec "$CONTAINER" curl -s -o /dev/null -w '%{http_code}' --max-time 10 \
        "$STATUS_URL/writable" 2>/dev/null || true
}

give_up() {
    echo "Nexus in $CONTAINER $1; its last log lines:" >&2
    docker logs --tail 20 "$CONTAINER" >&2 2>&1 || true
    exit 1
}

deadline=$(($(date +%s) + TIMEOUT_SECONDS))
next_line=$(($(date +%s) + 2))
until answer=$(status) && [ "$answer" = 200 ]; do
    now=$(date +%s)
    state=$(docker inspect --format '{{.State.Status}} {{.RestartCount}}' "$CONTAINER" 2>/dev/null || echo 'gone 0')
    case $state in
    "running "[0-2] | "created "* | "restarting "[0-2]) ;;
    *) give_up "does not stay up (${state% *}, restarted ${state#* } times)" ;;
    esac
    [ "$now" -lt "$deadline" ] || give_up "is not writable after $TIMEOUT_SECONDS s (last answer: ${answer:-none})"
    if [ "$now" -ge "$next_line" ]; then
        echo "Nexus is starting (answer: ${answer:-none}), $((deadline - now)) s left" >&2
        next_line=$((now + 5))
    fi
    sleep 0.3
done

# No property of the provider's container; another limit of a running one is not another container.
docker update --pids-limit "$NEXUS_PIDS" "$CONTAINER" >/dev/null || echo "the engine sets no limit of processes for $CONTAINER" >&2

docker exec --env INSTANCE_FILE --env VERSION_FILE --env STATUS_URL "$CONTAINER" sh -c '
    [ -s "$INSTANCE_FILE" ] || od -An -N8 -tx1 /dev/urandom | tr -d " \n" >"$INSTANCE_FILE"
    version=$(curl -s -D - -o /dev/null --max-time 10 "$STATUS_URL" |
        sed -n "s|^[Ss]erver: Nexus/\([0-9.]*[0-9]\).*|\1|p")
    [ -z "$version" ] || echo "$version" >"$VERSION_FILE"
    cat "$INSTANCE_FILE"'
