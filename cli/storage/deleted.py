"""Counts deleted blobs that are still on the disk. Nexus does not report them, so its files are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Each blob has a .properties file with its size, and with deleted=true once nothing refers to it any more, in
# vol-*/chap-* or in a folder for the minute of its creation. Needs only sh, grep and date, since not every image has
# more.
_COUNT = r"""
until=$(($(date +%s) + 100))
for folder in "$@"; do
    cd "$folder/content" 2>/dev/null || { echo "0 0"; continue; }
    for place in vol-*/chap-* [0-9][0-9][0-9][0-9]/*/*/*/*; do
        [ -d "$place" ] || continue
        [ "$(date +%s)" -lt "$until" ] || { echo late:; break; }
        grep -HE '^(deleted=true|size=)' "$place"/*.properties 2>/dev/null
    done | {
        count=0 bytes=0 of='' size=0 deleted='' late=''
        end() {
            [ -z "$deleted" ] || { count=$((count + 1)); bytes=$((bytes + size)); }
            size=0 deleted=''
        }
        while IFS=: read -r path line; do
            [ "$path" = "$of" ] || { end; of=$path; }
            case $path:$line in late:) late=yes ;; *:size=*) size=${line#size=} ;; *) deleted=yes ;; esac
        done
        end
        [ -n "$late" ] || echo "$count $bytes"
    }
done
"""


@dataclass(frozen=True)
class Deleted:
    blobs: int
    size: int


def deleted(inside: Callable[[str, list[str]], str], folders: Mapping[str, str]) -> dict[str, Deleted]:
    """Deleted blobs by blob store; empty if the files cannot be read. `inside` runs a script in Nexus's container."""
    if not folders:
        return {}
    lines = inside(_COUNT, list(folders.values())).splitlines()
    if len(lines) != len(folders):
        return {}
    counts = [line.split() for line in lines]
    return {name: Deleted(int(blobs), int(size)) for name, (blobs, size) in zip(folders, counts, strict=True)}
