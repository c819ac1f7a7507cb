#!/bin/sh
# snapshot.sh FOLDER DATA begin|finish|compare NAME|copy NAME: copies and compares the files of a store's data volume DATA
# and of its snapshots in FOLDER, for cli/snapshots/snapshots.py, in a container that mounts both.
# A snapshot is a folder with the whole volume in data/ and the list of its files in files; a file that did not change since
# the previous snapshot is a hard link to the file there.
set -eu
umask 077
export LC_ALL=C
cd "$1"
folder=$PWD data=$2 unfinished=.unfinished
shift 2

# list_files FOLDER [TEST OF find...]: a record for each file, ended by a NUL: size, time of change, mode, owner, path.
list_files() (
    cd "$1" || exit
    shift
    find . ! -type d "$@" -printf '%s %T@ %m %U %G %p\0' | sort --zero-terminated
)

paths() {
    cut --zero-terminated --delimiter ' ' --fields 6-
}

# copy_files FROM TO: copies the files whose paths are on standard input, with all metadata (times to the nanosecond).
copy_files() {
    tar --create --format posix --directory "$1" --null --no-recursion --files-from - |
        tar --extract --preserve-permissions --directory "$2"
}

copy_folders() {
    (cd "$1" && find . -type d -print0) | copy_files "$1" "$2"
}

# Copies the folders of the volume, and links or copies all files except the database, which cannot be copied while Nexus
# runs.
begin() {
    rm -rf "$unfinished"
    mkdir -p "$unfinished/data"
    copy_folders "$data" "$unfinished/data"
    list_files "$data" ! -path './db/*' >"$unfinished/files"
    last=$(find . -mindepth 1 -maxdepth 1 -type d -name "[0-9]*Z" -printf '%f\n' | sort | tail -n 1)
    if [ -n "$last" ]; then
        comm --zero-terminated -12 "$last/files" "$unfinished/files" | paths |
            (cd "$last/data" && xargs --null --no-run-if-empty \
                cp --no-dereference --link --parents --target-directory "$folder/$unfinished/data")
        comm --zero-terminated -13 "$last/files" "$unfinished/files"
    else
        cat "$unfinished/files"
    fi | paths | copy_files "$data" "$unfinished/data" 2>"$unfinished/changing" || true # finish() copies what changed meanwhile
}

# Copies everything else, after Nexus has stopped; prints the name of the snapshot.
finish() {
    copy_folders "$data" "$unfinished/data"
    list_files "$data" >"$unfinished/files"
    list_files "$unfinished/data" >"$unfinished/copied"
    comm --zero-terminated -13 "$unfinished/files" "$unfinished/copied" | paths |
        (cd "$unfinished/data" && xargs --null --no-run-if-empty rm --force)
    comm --zero-terminated -23 "$unfinished/files" "$unfinished/copied" | paths | copy_files "$data" "$unfinished/data"
    compare "$unfinished" "the copy differs from the data volume"
    rm -f "$unfinished/copied" "$unfinished/changing"
    sync
    name=$(date --utc +%Y-%m-%dT%H-%M-%SZ)
    mv --no-target-directory "$unfinished" "$name"
    echo "$name"
}

# copy NAME: copies the files of the snapshot into .restored on the data volume.
copy() {
    rm -rf "$data/.restored"
    mkdir "$data/.restored"
    (cd "$1/data" && find . -print0) | copy_files "$1/data" "$data/.restored"
    compare "$1" "the copy differs from the snapshot" "$data/.restored"
    sync
}

# compare NAME COMPLAINT [FOLDER]: fails unless the folder, by default the snapshot's own, has every file of its list.
compare() {
    list_files "${3:-$1/data}" | cmp --silent - "$1/files" || { echo "$2" >&2 && exit 1; }
}

"$@"
