#!/bin/sh
# Writes the encryption keys on stdin to FILE on the volume VOLUME, and keeps the file before it, which the running
# Nexus may have.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

docker run --rm --interactive --volume "$VOLUME:${FILE%/*}" --network none --read-only --user 0 --cap-drop ALL \
    --security-opt no-new-privileges:true --env FILE --entrypoint sh "$IMAGE" -c '
    set -eu
    umask 022
    cd "${FILE%/*}"
    cat >next
    mv next "$FILE"
    ls -t | tail -n +3 | while read -r old; do rm "$old"; done'
