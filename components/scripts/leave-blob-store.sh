#!/bin/sh
# Runs after the blob store NAME has left Nexus, whose files in FOLDER of CONTAINER stay unless ON_DELETE is purge.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/own-environment.sh"

size=$(docker exec "$CONTAINER" sh -c 'du -sk "$1" 2>/dev/null | cut -f1; find "$1" -type f 2>/dev/null | wc -l' sh "$FOLDER" |
    tr '\n' ' ')
read -r kibibytes files <<END
$size
END
[ -n "${files:-}" ] || exit 0

if [ "$ON_DELETE" != purge ]; then
    echo "blob store $NAME: its $files files ($kibibytes KiB) stay in $FOLDER (onDelete: keep)" >&2
    exit 0
fi
echo "blob store $NAME: removing its $files files ($kibibytes KiB) in $FOLDER (onDelete: purge)" >&2
docker exec "$CONTAINER" rm -rf "$FOLDER"
