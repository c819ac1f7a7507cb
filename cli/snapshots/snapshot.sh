#!/bin/sh
# snapshot.sh FOLDER DATA ACTION [NAME ...]: copies and compares the files of a store's data volume DATA and of its snapshots
# in FOLDER, for cli/snapshots/snapshots.py, in a container that mounts both.
# A snapshot is a folder with the whole volume in data/, the list of its files in files, their checksums in sums, and
# manifest.json. A file that did not change since the previous snapshot is a hard link to the file there.
set -eu
umask 077
export LC_ALL=C
cd "$1"
folder=$PWD data=$2 unfinished=.unfinished
shift 2
scratch=$folder/.scratch # lists of millions of files; a restore mounts the snapshots read-only
mkdir -p "$scratch" 2>/dev/null || { scratch=$data/.scratch && mkdir -p "$scratch"; }
trap 'rm -rf "$scratch"' EXIT
export TMPDIR="$scratch"
no_sum=$(printf '%064d' 0) of_link=$(printf '%064d' 1)

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

last() {
    find . -mindepth 1 -maxdepth 1 -type d -name "[0-9]*Z" -printf '%f\n' | sort | tail -n 1
}

# update [TEST OF find...]: makes the copy of these files like the volume, of which it knows the copied files.
update() {
    copy_folders "$data" "$unfinished/data"
    list_files "$data" "$@" >"$unfinished/files"
    comm --zero-terminated -13 "$unfinished/files" "$unfinished/copied" | paths |
        (cd "$unfinished/data" && xargs --null --no-run-if-empty rm --force)
    comm --zero-terminated -23 "$unfinished/files" "$unfinished/copied" | paths | copy_files "$data" "$unfinished/data"
}

# begin [full]: copies the folders of the volume, and links or copies all files except the database, which cannot be copied
# while Nexus runs; twice, since a long copy leaves much that has changed meanwhile. With "full" it links none.
begin() {
    rm -rf "$unfinished"
    mkdir -p "$unfinished/data"
    copy_folders "$data" "$unfinished/data"
    list_files "$data" ! -path './db/*' >"$unfinished/files"
    : >"$unfinished/copied"
    last=$(last)
    if [ -n "$last" ] && [ "${1:-}" != full ]; then
        comm --zero-terminated -12 "$last/files" "$unfinished/files" | paths |
            (cd "$last/data" && xargs --null --no-run-if-empty \
                cp --no-dereference --link --parents --target-directory "$folder/$unfinished/data")
        list_files "$unfinished/data" >"$unfinished/copied"
    fi
    for _ in 1 2; do # finish() copies what changes meanwhile
        update ! -path './db/*' 2>"$unfinished/changing" || true
        list_files "$unfinished/data" >"$unfinished/copied"
    done
}

# Copies everything else, after Nexus has stopped.
finish() {
    update
}

# seal [full]: makes sure that the copy is what was on the volume, and writes the checksums; prints the numbers. A file that
# is a link to the previous snapshot has its checksum from there; with "full" there are none.
seal() {
    compare "$unfinished" "the copy differs from the data volume"
    rm -f "$unfinished/copied" "$unfinished/changing"
    last=$(last)
    : >"$scratch/known"
    if [ -n "$last" ] && [ -s "$last/sums" ] && [ "${1:-}" != full ]; then
        unchanged | cat - "$last/sums" | in_both >"$scratch/known"
    fi
    list_sums "$unfinished/data" "$scratch/known" >"$unfinished/sums"
    [ ! -s "$scratch/unreadable" ] || { head -n 1 "$scratch/unreadable" >&2 && exit 1; }
    numbers "$unfinished"
}

# The paths of files that are as in the previous snapshot by size, time, mode and owner, as records without a checksum.
unchanged() {
    comm --zero-terminated -12 "$last/files" "$unfinished/files" | paths | { grep -zv '^\./db/' || true; } | without_sum
}

# The checksums among the records whose path also has a record without one.
in_both() {
    by_path | uniq --zero-terminated --skip-chars 66 --all-repeated | { grep -zv "^$no_sum" || true; }
}

# numbers NAME: the number of files and of their bytes, and the checksums of both lists.
numbers() {
    tr '\n\0' '?\n' <"$1/files" | awk '{ bytes += $1 } END { printf "%d %.0f\n", NR, bytes }'
    lists "$1"
}

lists() {
    for list in files sums; do
        sum=none
        [ ! -e "$1/$list" ] || sum=$(sha256sum <"$1/$list")
        echo "${sum%% *}"
    done
}

# publish: writes the manifest from standard input and names the snapshot.
publish() {
    cat >"$unfinished/manifest.json"
    sync
    mv --no-target-directory "$unfinished" "$1"
}

# list_sums FOLDER KNOWN: the checksum and path of each file that can be read, sorted by path; that of a file in KNOWN from
# there. For a symbolic link, its target.
list_sums() {
    find "$1" -type f -printf './%P\0' | without_sum | cat - "$2" | by_path >"$scratch/all"
    uniq --zero-terminated --skip-chars 66 --unique "$scratch/all" | cut --zero-terminated --bytes 67- |
        (cd "$1" && xargs --null --no-run-if-empty sha256sum --zero --) >"$scratch/new" 2>"$scratch/unreadable" || true
    find "$1" -type l -printf "$of_link  ./%P -> %l\0" >"$scratch/symbolic"
    cat "$2" "$scratch/new" "$scratch/symbolic" | by_path
}

without_sum() {
    sed --null-data "s/^/$no_sum  /"
}

by_path() {
    sort --zero-terminated --key 1.67
}

# copy NAME: copies the files of the snapshot into .restored on the data volume.
copy() {
    rm -rf "$data/.restored" "$data/.replaced"
    mkdir "$data/.restored"
    (cd "$1/data" && find . -print0) | copy_files "$1/data" "$data/.restored"
    sync
}

# compare NAME COMPLAINT [FOLDER]: fails unless the folder, by default the snapshot's own, has every file of its list.
compare() {
    list_files "${3:-$1/data}" | cmp --silent - "$1/files" || { echo "$2" >&2 && exit 1; }
}

# listed NAME [FOLDER]: a line for each file of the folder, by default the snapshot's own, that is not as the list of the
# snapshot says, and how: missing, extra or changed (size, time, mode or owner).
listed() {
    wanted=$scratch/wanted found=$scratch/found
    list_files "${2:-$1/data}" >"$scratch/files"
    paths <"$1/files" | sort --zero-terminated >"$wanted"
    paths <"$scratch/files" | sort --zero-terminated >"$found"
    comm --zero-terminated -23 "$wanted" "$found" | named missing
    comm --zero-terminated -13 "$wanted" "$found" | named extra
    sort --zero-terminated "$1/files" | only_in_one "$scratch/files" | paths |
        sort --zero-terminated --unique >"$scratch/differing"
    comm --zero-terminated -12 "$wanted" "$found" | comm --zero-terminated -12 - "$scratch/differing" | named changed
}

only_in_one() {
    comm --zero-terminated -3 - "$1" | sed --null-data 's/^\t//'
}

# differences NAME [FOLDER]: the same and, of the other files, those with another content: damaged.
differences() {
    listed "$@"
    [ -e "$1/sums" ] || return 0
    : >"$scratch/none"
    list_sums "${2:-$1/data}" "$scratch/none" | sort --zero-terminated >"$scratch/sums"
    sort --zero-terminated "$1/sums" | only_in_one "$scratch/sums" |
        sed --null-data "s/^\($of_link  .*\) -> .*/\1/" | cut --zero-terminated --bytes 67- |
        sort --zero-terminated --unique | comm --zero-terminated -23 - "$scratch/differing" | named damaged
}

# named WHAT: a line for each path; characters that a terminal does not show are replaced.
named() {
    tr '\n\0' '?\n' | tr --complement '[:print:]\n' '?' | sed "s|^\(\./\)\?|$1 |"
}

# A line for each file whose content is not that of the previous snapshot although its size and time are.
drifted() {
    last=$(last)
    [ -n "$last" ] && [ -s "$last/sums" ] || return 0
    unchanged >"$scratch/unchanged"
    cat "$scratch/unchanged" "$last/sums" | in_both >"$scratch/before"
    cat "$scratch/unchanged" "$unfinished/sums" | in_both >"$scratch/after"
    comm --zero-terminated -13 "$scratch/before" "$scratch/after" | cut --zero-terminated --bytes 67- | named damaged
}

"$@"
