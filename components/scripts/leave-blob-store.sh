#!/bin/sh
# Runs after the blob store NAME was deleted in Nexus. Its files in FOLDER of CONTAINER stay unless ON_DELETE is purge.
set -eu
# shellcheck source=/dev/null
. "${0%/*}/container.sh"

# shellcheck disable=SC2046 # two numbers
set -- $(docker exec "$CONTAINER" sh -c 'du -sk "$1" 2>/dev/null | cut -f1; find "$1" -type f 2>/dev/null | wc -l' sh "$FOLDER")
[ $# = 2 ] || exit 0
kibibytes=$1 files=$2

if [ "$ON_DELETE" != purge ]; then
    echo "blob store $NAME: its $files files ($kibibytes KiB) stay in $FOLDER (onDelete: keep)" >&2
    exit 0
fi
echo "blob store $NAME: removing its $files files ($kibibytes KiB) in $FOLDER (onDelete: purge)" >&2
docker exec "$CONTAINER" rm -rf "$FOLDER"
