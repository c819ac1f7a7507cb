#!/bin/sh
# Gives the nginx in CONTAINER the files of the bundle on stdin (base64 of a tar). The new files are tested beside the
# current ones and replace them only if valid; nginx then reloads while old workers finish their requests. If ACME_FOLDER
# is set, the certificate is in that folder, and the ACME container renews it there.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

inside() {
    docker exec -i --env STORE_FOLDER --env CACHE_FOLDER --env HEALTH_SOCKET --env NGINX_UID --env NGINX_PID_FILE \
        --env RELOAD_SECONDS "$@"
}

# as_root PROGRAM [ARGUMENT]: runs in STORE_FOLDER as root with nginx's group, so that nginx can read its files but not
# change them.
as_root() {
    inside -u "0:$NGINX_UID" "$CONTAINER" sh -euc "umask 027; cd \"\$STORE_FOLDER\"$1" sh "${2-}"
}

limit_processes "$NGINX_PIDS"

# nginx may write anywhere in its disk cache, if it has one. loaded.conf makes the running nginx answer with its release.
release=$(as_root '
    if [ -w "$CACHE_FOLDER" ]; then chgrp "$NGINX_UID" "$CACHE_FOLDER"; chmod 2770 "$CACHE_FOLDER"; fi
    release=$(date +%s%N)
    rm -rf next
    mkdir next
    base64 -d | tar -x -f - -C next --no-same-owner
    echo "return 200 \"$release\n\";" >next/loaded.conf
    echo "$release"')

# Until the ACME container has a certificate, nginx serves the one of the previous TLS mode, or a temporary one.
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
    echo "nginx rejects the new configuration and keeps the old one:" >&2
    echo "$report" >&2
    exit 1
fi

as_root '
    mv next "$1"
    ln -s "$1" fresh
    mv -T fresh current
    for old in [0-9]*; do [ "$old" = "$1" ] || rm -rf "$old"; done' "$release"

# A container that has just started waits for these files and then starts nginx itself; the signal is harmless then.
inside "$CONTAINER" sh -c '
    serves() { [ "$(curl -s --unix-socket "$HEALTH_SOCKET" http://localhost/)" = "$1" ]; }
    attempt=0
    until serves "$1"; do
        [ -s "$NGINX_PID_FILE" ] && [ $((attempt % 100)) = 0 ] && kill -HUP "$(cat "$NGINX_PID_FILE")"
        attempt=$((attempt + 1))
        [ "$attempt" -lt $((RELOAD_SECONDS * 10)) ] || exit 1
        sleep 0.1
    done' - "$release" ||
    give_up "nginx accepted the new configuration but does not serve it after $RELOAD_SECONDS s"

# Certificates of an earlier name or TLS mode are no longer used.
as_root '
    for old in "$STORE_FOLDER"/acme/*; do [ "$old" = "$1" ] || rm -rf "$old"; done' "${ACME_FOLDER-}"

# Nexus is up already; wait until nginx has resolved its address and forwards a request.
inside "$CONTAINER" curl -s --fail --output /dev/null --retry "$THROUGH_NGINX_SECONDS" --retry-delay 1 --retry-all-errors \
    --retry-max-time "$THROUGH_NGINX_SECONDS" --unix-socket "$HEALTH_SOCKET" http://localhost/nexus ||
    give_up "nginx does not reach Nexus after $THROUGH_NGINX_SECONDS s"
