"""What is deleted and still on the disk: Nexus tells it to nobody, its files do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Beside each blob lies a .properties with its size, and with deleted=true once nothing refers to it any more.
_COUNT = r"""
for folder in "$@"; do
    cd "$folder/content" 2>/dev/null || { echo "0 0"; continue; }
    timeout 100 grep -rE '^(deleted=true|size=)' --include='*.properties' . 2>/dev/null | {
        count=0 bytes=0 of= size=0 deleted=
        end() {
            [ -z "$deleted" ] || { count=$((count + 1)); bytes=$((bytes + size)); }
            size=0 deleted=
        }
        while IFS=: read -r path line; do
            [ "$path" = "$of" ] || { end; of=$path; }
            case $line in size=*) size=${line#size=} ;; *) deleted=yes ;; esac
        done
        end
        echo "$count $bytes"
    }
done
"""


@dataclass(frozen=True)
class Deleted:
    blobs: int
    size: int


def deleted(inside: Callable[[str, list[str]], str], folders: Mapping[str, str]) -> dict[str, Deleted]:
    """By blob store; empty where the files cannot be read. `inside` runs a script of sh where Nexus has its files."""
    if not folders:
        return {}
    lines = inside(_COUNT, list(folders.values())).splitlines()
    if len(lines) != len(folders):
        return {}
    counts = [line.split() for line in lines]
    return {name: Deleted(int(blobs), int(size)) for name, (blobs, size) in zip(folders, counts, strict=True)}
