#!/bin/sh
# Gives the nginx in CONTAINER the files of the bundle on stdin (base64 of a tar). They are tested beside those that are
# in use; only a valid set takes their place, and nginx loads it while old workers finish their requests. With ACME_FOLDER
# its certificate is there, where the ACME container renews it.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

inside() {
    docker exec -i --env STORE_FOLDER --env CACHE_FOLDER --env HEALTH_SOCKET --env NGINX_UID --env NGINX_PID_FILE \
        --env RELOAD_SECONDS "$@"
}

# as_root PROGRAM [ARGUMENT]: in the folder of the store's files, with nginx's group, since the volumes are root's: nginx
# reads its files and cannot change them.
as_root() {
    inside -u "0:$NGINX_UID" "$CONTAINER" sh -euc "umask 027; cd \"\$STORE_FOLDER\"$1" sh "${2-}"
}

limit_processes "$NGINX_PIDS"

# Of its disk cache, where there is one, nginx may write the whole. loaded.conf is what the running nginx says when asked.
release=$(as_root '
    if [ -w "$CACHE_FOLDER" ]; then chgrp "$NGINX_UID" "$CACHE_FOLDER"; chmod 2770 "$CACHE_FOLDER"; fi
    release=$(date +%s%N)
    rm -rf next
    mkdir next
    base64 -d | tar -x -f - -C next --no-same-owner
    echo "return 200 \"$release\n\";" >next/loaded.conf
    echo "$release"')

# Until the ACME container has a certificate, nginx serves the one that it had in another mode, or else a temporary one.
[ -z "${ACME_FOLDER-}" ] || as_root '
    from=$STORE_FOLDER/current/tls
    mkdir -p "$1"
    cd "$1"
    if [ ! -e "$from.crt" ]; then
        [ ! -e tls.crt ] || exit 0
        from=$STORE_FOLDER/next/temporary
        : >temporary
    fi
    cat "$from.key" >tls.key
    cat "$from.crt" >tls.crt' "$ACME_FOLDER"

if ! report=$(inside "$CONTAINER" nginx -t -q -c "$STORE_FOLDER/next/nginx.conf" 2>&1); then
    echo "nginx does not take the new configuration and goes on with the old one:" >&2
    echo "$report" >&2
    exit 1
fi

as_root '
    mv next "$1"
    ln -s "$1" fresh
    mv -T fresh current
    for old in [0-9]*; do [ "$old" = "$1" ] || rm -rf "$old"; done' "$release"

# A container that has just started waits for these files and starts nginx by itself; then the signal changes nothing.
inside "$CONTAINER" sh -c '
    serves() { [ "$(curl -s --unix-socket "$HEALTH_SOCKET" http://localhost/)" = "$1" ]; }
    attempt=0
    until serves "$1"; do
        [ -s "$NGINX_PID_FILE" ] && [ $((attempt % 100)) = 0 ] && kill -HUP "$(cat "$NGINX_PID_FILE")"
        attempt=$((attempt + 1))
        [ "$attempt" -lt $((RELOAD_SECONDS * 10)) ] || exit 1
        sleep 0.1
    done' - "$release" ||
    give_up "nginx took the new configuration and does not serve it after $RELOAD_SECONDS s"

# What the ACME container wrote for another name, or before another mode, nobody reads any more.
as_root '
    for old in "$STORE_FOLDER"/acme/*; do [ "$old" = "$1" ] || rm -rf "$old"; done' "${ACME_FOLDER-}"

# Nexus is up already: nginx has found its address when it passes a request on.
inside "$CONTAINER" curl -s --fail --output /dev/null --retry "$THROUGH_NGINX_SECONDS" --retry-delay 1 --retry-all-errors \
    --retry-max-time "$THROUGH_NGINX_SECONDS" --unix-socket "$HEALTH_SOCKET" http://localhost/nexus ||
    give_up "nginx does not reach Nexus after $THROUGH_NGINX_SECONDS s"
