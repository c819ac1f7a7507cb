#!/bin/sh
# Gives the Nexus in CONTAINER the settings of its database from standard input, and restarts it if they are new. With
# `remove` it takes them away. It goes by the volume, since a Nexus that does not reach its database does not stay up.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

image=$(docker inspect --format '{{.Image}}' "$CONTAINER")
changed=$(docker run --rm --interactive --volumes-from "$CONTAINER" --network none --user "$NEXUS_UID" --cap-drop ALL \
    --security-opt no-new-privileges:true --env FOLDER --env CA_PEM --entrypoint sh "$image" -c '
    set -eu
    umask 077
    mkdir -p "$FOLDER"
    cd "$FOLDER"
    if [ "$1" = remove ]; then
        rm -f nexus-store.properties postgresql-ca.pem
        echo removed
        exit
    fi
    before=$(cat nexus-store.properties postgresql-ca.pem 2>/dev/null | sha256sum)
    cat >next
    mv next nexus-store.properties
    printf "%s\n" "$CA_PEM" >postgresql-ca.pem
    [ "$before" = "$(cat nexus-store.properties postgresql-ca.pem | sha256sum)" ] || echo written' sh "${1:-write}")

# Another value than before, so that whoever depends on it waits for Nexus once more.
date +%s%N
[ -n "$changed" ] || exit 0
echo "the settings of the database are $changed; Nexus is restarted" >&2
docker restart "$CONTAINER" >/dev/null
