#!/bin/sh
# Writes the database settings on stdin for the Nexus in CONTAINER, and restarts it if they changed; `remove` deletes them.
# Another container writes them to the volume, since Nexus exits when it cannot reach its database.
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

# A new output each time, so that resources that depend on it wait for Nexus again.
date +%s%N
[ -n "$changed" ] || exit 0
echo "database settings $changed: restarting Nexus" >&2
docker restart "$CONTAINER" >/dev/null
