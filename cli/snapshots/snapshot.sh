#!/bin/sh
# snapshot.sh FOLDER ACTION...: runs in a container that has the data volume of a store at /data and its backups in FOLDER.
#   begin, finish          take a snapshot: while Nexus runs, then what is left while it is stopped
#   names                  list them in a line, oldest first
#   describe, check NAME   its size; whether it is whole and fits on the volume
#   keep N, remove NAME    delete the oldest ones; delete one
#   restore NAME, mend     replace the content of the volume; finish or undo a restore that was cut off
# A snapshot is a folder with the whole volume in data/ and the list of its files in files; a file that did not change since
# the snapshot before is a hard link to that one's.
set -eu
umask 077
export LC_ALL=C
cd "$1"
shift
folder=$PWD unfinished=.unfinished data=${DATA:-/data}

die() {
    echo "$*" >&2
    exit 1
}

# require_name NAME: ends the program unless it is a name as finish() gives, so that no path leads out of the folder.
require_name() {
    case $1 in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]-[0-9][0-9]-[0-9][0-9]Z)
        [ ! -L "$1" ] || die "$1 is a link, and no snapshot" ;;
    *) die "FROM: no such snapshot (got '$1'; allowed $(names))" ;;
    esac
}

# list_files FOLDER [TEST OF find...]: a record for each file, ended by a NUL: size, time of change, mode, owner, path.
list_files() (
    cd "$1" || exit
    shift
    find . ! -type d "$@" -printf '%s %T@ %m %U %G %p\0' | sort --zero-terminated
)

paths() {
    cut --zero-terminated --delimiter ' ' --fields 6-
}

# copy_files FROM TO: those whose paths are on standard input, with all their metadata (times to the nanosecond).
copy_files() {
    tar --create --format posix --directory "$1" --null --no-recursion --files-from - |
        tar --extract --preserve-permissions --directory "$2"
}

copy_folders() {
    (cd "$1" && find . -type d -print0) | copy_files "$1" "$2"
}

snapshots() {
    find . -mindepth 1 -maxdepth 1 -name "[0-9]*Z" -printf '%f\n' | sort
}

# The folders of the volume, and the files that are in the last snapshot already or can be copied while Nexus runs. Its
# database cannot.
begin() {
    rm -rf "$unfinished"
    mkdir -p "$unfinished/data"
    copy_folders "$data" "$unfinished/data"
    list_files "$data" ! -path './db/*' >"$unfinished/files"
    last=$(snapshots | tail -n 1)
    if [ -n "$last" ]; then
        comm --zero-terminated -12 "$last/files" "$unfinished/files" | paths |
            (cd "$last/data" && xargs --null --no-run-if-empty \
                cp --no-dereference --link --parents --target-directory "$folder/$unfinished/data")
        comm --zero-terminated -13 "$last/files" "$unfinished/files"
    else
        cat "$unfinished/files"
    fi | paths | copy_files "$data" "$unfinished/data" 2>"$unfinished/changing" || true # finish() copies what changed meanwhile
}

# Everything else, once Nexus has stopped; prints the name of the snapshot.
finish() {
    copy_folders "$data" "$unfinished/data"
    list_files "$data" >"$unfinished/files"
    list_files "$unfinished/data" >"$unfinished/copied"
    comm --zero-terminated -13 "$unfinished/files" "$unfinished/copied" | paths |
        (cd "$unfinished/data" && xargs --null --no-run-if-empty rm --force)
    comm --zero-terminated -23 "$unfinished/files" "$unfinished/copied" | paths | copy_files "$data" "$unfinished/data"
    list_files "$unfinished/data" | cmp --silent - "$unfinished/files" || die "the copy is not what is on the data volume"
    rm -f "$unfinished/copied" "$unfinished/changing"
    sync
    name=$(date --utc +%Y-%m-%dT%H-%M-%SZ)
    mv --no-target-directory "$unfinished" "$name"
    echo "$name"
}

# keep N: removes the oldest snapshots, so that N are left.
keep() {
    snapshots | head --lines "-$1" | xargs --no-run-if-empty rm -rf
}

remove() {
    require_name "$1"
    rm -rf "$1"
}

describe() {
    files=$(tr --complement --delete '\0' <"$1/files" | wc --bytes)
    size=$(du --summarize --human-readable --apparent-size "$1/data" | cut -f 1)
    echo "snapshot $1: $files files, $size"
}

names() {
    found=$(snapshots | paste -s -d' ')
    echo "${found:-none yet}"
}

# check NAME: whether the snapshot has every file that it had when it was made.
check() {
    require_name "$1"
    [ -d "$1/data" ] || die "FROM: no such snapshot (got '$1'; allowed $(names))"
    list_files "$1/data" | cmp --silent - "$1/files" || die "the snapshot $1 is damaged: files are missing or were changed"
    needed=$(du --summarize --block-size 1M "$1/data" | cut -f 1)
    free=$(df --output=avail --block-size 1M "$data" | tail -n 1)
    [ "$needed" -lt "$free" ] ||
        die "the snapshot $1 needs ${needed} MiB beside what is on the data volume, where $((free)) MiB are free"
}

# restore NAME: replaces the content of the data volume. Where it is cut off, a folder on the volume tells how far it is:
#   .restored    the snapshot is being copied, the content is untouched: `mend` deletes the copy
#   .old-goes    the copy is whole, the old content is moving to .replaced: `mend` goes on
#   .new-comes   the new content is moving into place: `mend` goes on
restore() {
    require_name "$1"
    rm -rf "$data/.restored"
    mkdir "$data/.restored"
    (cd "$1/data" && find . -print0) | copy_files "$1/data" "$data/.restored"
    list_files "$data/.restored" | cmp --silent - "$1/files" || die "the copy is not what is in the snapshot"
    sync
    mv --no-target-directory "$data/.restored" "$data/.old-goes"
    swap
}

swap() {
    if [ -d "$data/.old-goes" ]; then
        mkdir -p "$data/.replaced"
        move_content "$data" "$data/.replaced"
        mv --no-target-directory "$data/.old-goes" "$data/.new-comes"
    fi
    move_content "$data/.new-comes" "$data"
    chown --reference "$data/.new-comes" "$data"
    chmod --reference "$data/.new-comes" "$data"
    rm -rf "$data/.replaced"
    sync
    rmdir "$data/.new-comes"
}

# move_content FROM TO: everything in the folder but what a restore has put there.
move_content() {
    (cd "$1" && find . -mindepth 1 -maxdepth 1 ! -name .old-goes ! -name .new-comes ! -name .replaced \
        -exec mv --target-directory "$2" {} +)
}

# mend: finishes a restore that was cut off, or deletes the copy that was not whole yet; prints which.
mend() {
    if [ -d "$data/.old-goes" ] || [ -d "$data/.new-comes" ]; then
        swap
        echo finished
    else
        rm -rf "$data/.restored"
        echo untouched
    fi
}

"$@"
