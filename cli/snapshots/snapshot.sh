#!/bin/sh
# snapshot.sh FOLDER ACTION...: runs in a container that has the data volume of a store at /data and its backups in FOLDER. A
# snapshot is a folder with the whole volume in data/ and the list of its files in files; a file that did not change since
# the last one is a hard link to it.
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

# named NAME: ends the program unless it is what finish() calls a snapshot, so that no path leads out of the folder.
named() {
    case $1 in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]-[0-9][0-9]-[0-9][0-9]Z) [ ! -L "$1" ] || die "$1 is a link, and no snapshot" ;;
    *) die "FROM: no such snapshot (got '$1'; allowed $(names))" ;;
    esac
}

# A record for each file, ended by a NUL: size, time of the last change, mode, owner, path.
list() {
    (cd "$1" && find . ! -type d "${2:--true}" ${3:+"$3"} ${4:+"$4"} -printf '%s %T@ %m %U %G %p\0' | sort --zero-terminated)
}

paths() {
    cut --zero-terminated --delimiter ' ' --fields 6-
}

# copy FROM TO: the files whose paths are on standard input, with all that is known of them (times to the nanosecond).
copy() {
    tar --create --format posix --directory "$1" --null --no-recursion --files-from - | tar --extract --preserve-permissions --directory "$2"
}

snapshots() {
    find . -mindepth 1 -maxdepth 1 -name "[0-9]*Z" -printf '%f\n' | sort
}

# The folders of the volume, and the files that are in the last snapshot already or can be copied while Nexus runs. Its
# database cannot.
begin() {
    rm -rf "$unfinished"
    mkdir -p "$unfinished/data"
    (cd "$data" && find . -type d -print0) | copy "$data" "$unfinished/data"
    list "$data" ! -path './db/*' >"$unfinished/files"
    last=$(snapshots | tail -n 1)
    if [ -n "$last" ]; then
        comm --zero-terminated -12 "$last/files" "$unfinished/files" | paths |
            (cd "$last/data" && xargs --null --no-run-if-empty cp --no-dereference --link --parents --target-directory "$folder/$unfinished/data")
        comm --zero-terminated -13 "$last/files" "$unfinished/files"
    else
        cat "$unfinished/files"
    fi | paths | copy "$data" "$unfinished/data" 2>"$unfinished/changing" || true # finish() copies what changed meanwhile
}

# Everything else, once Nexus has stopped; prints the name of the snapshot.
finish() {
    (cd "$data" && find . -type d -print0) | copy "$data" "$unfinished/data"
    list "$data" >"$unfinished/files"
    list "$unfinished/data" >"$unfinished/copied"
    comm --zero-terminated -13 "$unfinished/files" "$unfinished/copied" | paths |
        (cd "$unfinished/data" && xargs --null --no-run-if-empty rm --force)
    comm --zero-terminated -23 "$unfinished/files" "$unfinished/copied" | paths | copy "$data" "$unfinished/data"
    list "$unfinished/data" | cmp --silent - "$unfinished/files" || die "the copy is not what is on the data volume"
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
    named "$1"
    rm -rf "$1"
}

describe() {
    echo "snapshot $1: $(tr --complement --delete '\0' <"$1/files" | wc --bytes) files, $(du --summarize --human-readable --apparent-size "$1/data" | cut -f 1)"
}

names() {
    found=$(snapshots | paste -s -d' ')
    echo "${found:-none yet}"
}

# check NAME: whether the snapshot has every file that it had when it was made.
check() {
    named "$1"
    [ -d "$1/data" ] || die "FROM: no such snapshot (got '$1'; allowed $(names))"
    list "$1/data" | cmp --silent - "$1/files" || die "the snapshot $1 is damaged: files are missing or were changed"
    needed=$(du --summarize --block-size 1M "$1/data" | cut -f 1)
    free=$(df --output=avail --block-size 1M "$data" | tail -n 1)
    [ "$needed" -lt "$free" ] ||
        die "the snapshot $1 needs ${needed} MiB beside what is on the data volume, where $((free)) MiB are free"
}

# restore NAME: puts the snapshot in the place of what is on the data volume. Until the copy is whole nothing there is touched;
# from then on the name of the copy's folder says how far it is, and `mend` goes on from there.
restore() {
    named "$1"
    rm -rf "$data/.restored"
    mkdir "$data/.restored"
    (cd "$1/data" && find . -print0) | copy "$1/data" "$data/.restored"
    list "$data/.restored" | cmp --silent - "$1/files" || die "the copy is not what is in the snapshot"
    sync
    mv --no-target-directory "$data/.restored" "$data/.old-goes"
    swap
}

swap() {
    if [ -d "$data/.old-goes" ]; then
        mkdir -p "$data/.replaced"
        move "$data" "$data/.replaced"
        mv --no-target-directory "$data/.old-goes" "$data/.new-comes"
    fi
    move "$data/.new-comes" "$data"
    chown --reference "$data/.new-comes" "$data"
    chmod --reference "$data/.new-comes" "$data"
    rm -rf "$data/.replaced"
    sync
    rmdir "$data/.new-comes"
}

# move FROM TO: everything in the folder but what a restore has put there.
move() {
    (cd "$1" && find . -mindepth 1 -maxdepth 1 ! -name .old-goes ! -name .new-comes ! -name .replaced -exec mv --target-directory "$2" {} +)
}

# mend: finishes a restore that was cut off, or takes away the copy that was not whole yet; prints which.
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
