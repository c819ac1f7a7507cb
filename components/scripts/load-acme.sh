#!/bin/sh
# Gives the ACME container in CONTAINER its program and settings (base64 of a tar on stdin) and waits up to
# TIMEOUT_SECONDS for its first attempt. If that fails but nginx has a certificate for these settings, it only warns.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

inside() {
    docker exec -i "$CONTAINER" sh -c "cd $ACME_DATA_FOLDER && $1" acme "$request"
}

limit_processes "$ACME_PIDS"

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
    rm -rf old' || give_up "the ACME container did not accept its settings"

deadline=$(($(date +%s) + TIMEOUT_SECONDS))
until inside '[ "$(cat answered)" = "$1" ]' </dev/null 2>/dev/null; do
    [ "$(date +%s)" -lt "$deadline" ] || give_up "the ACME directory has issued no certificate after $TIMEOUT_SECONDS s"
    report_waiting "waiting for the certificate of the ACME directory" "$deadline"
    sleep 0.5
done

if inside '[ -e failure ]' </dev/null; then
    code=0 consequence="warning: the certificate was not renewed; nginx still serves the previous one"
    if ! inside '[ "$(cat published)" = "$(cat settings/LEGO_PATH.env)" ]' </dev/null 2>/dev/null; then
        code=1 consequence="the ACME directory issued no certificate; nginx keeps its current one"
    fi
    echo "$consequence. The last lines from lego:" >&2
    inside 'tail -n +2 failure' </dev/null >&2
    exit "$code"
fi
# nginx rereads the files after a second (ssl_certificate_cache).
sleep 3
