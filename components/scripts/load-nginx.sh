#!/bin/sh
# Gives the nginx in CONTAINER the files of the bundle on stdin (base64 of a tar). They are tested beside those that are
# in use; only a valid set takes their place, and nginx loads it while old workers finish their requests.
set -eu

inside() {
    docker exec -i "$@"
}

# Written by root with nginx's group, since the volume is root's: nginx reads its files and cannot change them.
inside -u 0:101 "$CONTAINER" sh -c '
    set -eu
    umask 027
    cd /etc/nginx/store
    rm -rf next
    mkdir next
    base64 -d | tar -x -f - -C next --no-same-owner'

if ! report=$(inside "$CONTAINER" nginx -t -q -c /etc/nginx/store/next/nginx.conf 2>&1); then
    echo "nginx does not take the new configuration and goes on with the old one:" >&2
    echo "$report" >&2
    exit 1
fi

inside -u 0:101 "$CONTAINER" sh -c '
    set -eu
    cd /etc/nginx/store
    name=$(date +%s%N)
    mv next "$name"
    ln -s "$name" fresh
    mv -T fresh current
    for old in [0-9]*; do [ "$old" = "$name" ] || rm -rf "$old"; done'

# A container that has just started waits for these files and starts nginx by itself.
inside "$CONTAINER" sh -c '
    until [ -s /tmp/nginx.pid ]; do sleep 0.05; done
    kill -HUP "$(cat /tmp/nginx.pid)"'
