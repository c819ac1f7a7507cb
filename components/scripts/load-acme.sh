#!/bin/sh
# Gives the ACME container in CONTAINER its program and settings (base64 of a tar on stdin) and waits, at most
# TIMEOUT_SECONDS, until it has tried them. A try that fails while nginx has a certificate of theirs is a warning.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/own-environment.sh"
# shellcheck source=/dev/null
. "${0%/*}/layout.sh"

inside() {
    docker exec -i "$CONTAINER" sh -c "cd $ACME_DATA_FOLDER && $1" acme "$request"
}

last_words() {
    docker logs --tail 15 "$CONTAINER" >&2 2>&1 || true
    exit 1
}

# No property of the provider's container; another limit of a running one is not another container.
docker update --pids-limit "$ACME_PIDS" "$CONTAINER" >/dev/null || echo "the engine sets no limit of processes for $CONTAINER" >&2

request=$(date +%s%N)
inside '
    set -eu
    umask 077
    rm -rf next old
    mkdir next
    base64 -d | tar -x -o -f - -C next
    echo "$1" >next/request
    [ ! -e settings ] || mv settings old
    mv next settings
    rm -rf old' || last_words

deadline=$(($(date +%s) + TIMEOUT_SECONDS))
next_line=$(($(date +%s) + 5))
until inside '[ "$(cat answered)" = "$1" ]' </dev/null 2>/dev/null; do
    now=$(date +%s)
    if [ "$now" -ge "$deadline" ]; then
        echo "the ACME directory has issued no certificate after $TIMEOUT_SECONDS s; lego's last words:" >&2
        last_words
    fi
    if [ "$now" -ge "$next_line" ]; then
        echo "waiting for the certificate of the ACME directory, $((deadline - now)) s left" >&2
        next_line=$((now + 5))
    fi
    sleep 0.5
done

if inside '[ -e failure ]' </dev/null; then
    if inside '[ "$(cat published)" = "$(cat settings/LEGO_PATH.env)" ]' </dev/null 2>/dev/null; then
        echo "warning: the certificate was not renewed, and the one before goes on serving; lego's last words:" >&2
        inside 'tail -n +2 failure' </dev/null >&2
        exit 0
    fi
    echo "the ACME directory issued no certificate; nginx goes on with what it had. lego's last words:" >&2
    inside 'tail -n +2 failure' </dev/null >&2
    exit 1
fi
# nginx looks at the files again after a second (ssl_certificate_cache).
sleep 3
