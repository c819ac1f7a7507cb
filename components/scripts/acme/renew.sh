#!/bin/sh
# Runs in the ACME container: fetches the certificate, then checks every CHECK_SECONDS whether it must be renewed. The
# settings are files that become environment variables here, so that no secret is an argument or shown by docker inspect.
#   /acme/settings   this program, NAME.env for each variable, and the request id from load-acme.sh
#   /acme/answered   the id of the last request that was tried
#   /acme/failure    when and why the last attempt failed; nginx still serves the previous certificate
#   /acme/published  lego's path for the account and name whose certificate nginx has
#   /acme/lego.log   the output of the last attempt
set -u
umask 027
cd /acme
trap 'exit 0' TERM INT

# Both files are moved by one mv at the end: a handshake between two moves would find a key that does not match, as with
# the first certificate. Renewals keep the key (LEGO_REUSE_KEY).
publish() {
    next=$STORE_FOLDER/next
    mkdir -p "$next" || return
    for kind in key crt; do
        cat "$LEGO_PATH/certificates/$LEGO_DOMAINS.$kind" >"$next/tls.$kind" || return
    done
    mv "$next/tls.key" "$next/tls.crt" "$STORE_FOLDER" || return
    rm -f "$STORE_FOLDER/temporary"
    echo "$LEGO_PATH" >published
}

# If the directory no longer accepts the account, registers a new one. A new account may not renew a certificate of the old
# one, so it requests its first certificate without naming that one (no ARI), with the same key. After any failure the next
# attempt does not name it either: a directory may refuse to replace a certificate and still issue another.
fetch() {
    if [ ! -e "$LEGO_PATH/new-account" ]; then
        [ ! -e failure ] || export LEGO_ARI_DISABLE=true
        lego run && return
        grep -qi 'accountDoesNotExist\|account .*\(deactivated\|revoked\)' lego.log || return
        echo "the directory no longer accepts the account: registering a new one"
        mv "$LEGO_PATH/accounts" "$LEGO_PATH/accounts.$(date +%s)"
        : >"$LEGO_PATH/new-account"
    fi
    LEGO_ARI_DISABLE=true LEGO_RENEW_FORCE=true lego run && rm "$LEGO_PATH/new-account"
}

# A subshell, so that a variable that is missing in the next settings is also gone from the environment.
try() (
    for file in settings/*.env; do
        name=${file##*/}
        export "${name%.env}=$(cat "$file")"
    done
    mkdir -p "$LEGO_PATH" "$STORE_FOLDER/webroot"
    fetch && publish
)

request=$(cat settings/request)
while :; do
    if try >lego.log 2>&1; then
        rm -f failure
        pause=$(cat settings/CHECK_SECONDS.env)
    else
        { date -u '+%Y-%m-%d %H:%M UTC'; tail -n 15 lego.log; } >failure.new
        mv failure.new failure
        pause=$(cat settings/RETRY_SECONDS.env)
    fi
    cat lego.log
    echo "$request" >answered
    due=$(($(date +%s) + pause))
    while [ "$(date +%s)" -lt "$due" ]; do
        sleep 2
        if [ "$(cat settings/request)" != "$request" ]; then
            sleep 1
            exec sh settings/renew.sh
        fi
    done
done
