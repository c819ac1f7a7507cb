#!/bin/sh
# Runs in the ACME container: fetches the certificate, then looks every CHECK_SECONDS whether it must be renewed. The
# settings are files that become environment variables here, so that no secret is an argument or seen from outside.
#   /acme/settings   this program, NAME.env for each variable, and the request that load-acme.sh made of it
#   /acme/answered   the last request that was tried
#   /acme/failure    when and why the last try failed; what nginx had before goes on serving
#   /acme/published  the account and name, as a path of lego's, whose certificate nginx has
set -u
umask 027
cd /acme
trap 'exit 0' TERM INT

# The names come last, and both by one mv: a handshake that reads between the two finds no pair when the key is another
# one, as with the first certificate. Over renewals it is the same (LEGO_REUSE_KEY).
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

# An account that the directory has given up is replaced by a new one. That must not name a certificate of the old one as
# the one that it renews, so it asks as if for the first time, with the same key, until it has one of its own.
fetch() {
    if [ ! -e "$LEGO_PATH/new-account" ]; then
        lego run && return
        grep -qi 'accountDoesNotExist\|account .*\(deactivated\|revoked\)' said || return
        echo "the directory does not take the account any more: registering a new one"
        mv "$LEGO_PATH/accounts" "$LEGO_PATH/accounts.$(date +%s)"
        : >"$LEGO_PATH/new-account"
    fi
    LEGO_ARI_DISABLE=true LEGO_RENEW_FORCE=true lego run && rm "$LEGO_PATH/new-account"
}

# In a process of its own: a variable that is not in the next settings is not in the next environment.
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
    if try >said 2>&1; then
        rm -f failure
        pause=$(cat settings/CHECK_SECONDS.env)
    else
        { date -u '+%Y-%m-%d %H:%M UTC'; tail -n 15 said; } >failure.new
        mv failure.new failure
        pause=$(cat settings/RETRY_SECONDS.env)
    fi
    cat said
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
