# The files of this host that the store changes: what was there before is kept, so that it can be put back byte for byte.
# ROOT is empty, or a folder that stands for / in tests. STORE names the store; several may change the same host.

all_states=${ROOT-}/var/lib/repository-store
state=$all_states/$STORE

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*" && exit 1; }

has() {
    for program; do
        command -v "$program" >/dev/null && return
    done
    return 1
}

digest() {
    if [ -e "${ROOT-}$1" ]; then sha256sum <"${ROOT-}$1" | cut -d ' ' -f 1; else echo absent; fi
}

# make_folder FOLDER: with its parents; remembers which were not there.
make_folder() {
    [ ! -d "${ROOT-}$1" ] || return 0
    make_folder "$(dirname "$1")"
    mkdir "${ROOT-}$1"
    echo "$1" >>"$all_states/folders"
}

# keep FILE: what is there now, unless it was kept before.
keep() {
    make_folder "$(dirname "$1")"
    [ ! -e "$state/before$1" ] && [ ! -e "$state/absent$1" ] || return 0
    if [ -e "${ROOT-}$1" ]; then
        mkdir -p "$state/before$(dirname "$1")"
        cp -p "${ROOT-}$1" "$state/before$1"
    else
        mkdir -p "$state/absent$(dirname "$1")"
        : >"$state/absent$1"
    fi
}

# ours FILE: the content on stdin is the one that we give it; when it is found so, nobody has changed it since.
ours() {
    mkdir -p "$state/after$(dirname "$1")"
    sha256sum | cut -d ' ' -f 1 >"$state/after$1"
    echo "$1" >>"$work/wanted"
}

# write FILE: with the content on stdin, in place, as a file may be a mount or a link. There is $work/changed when it
# had another one.
write() {
    cat >"$work/new"
    keep "$1"
    ours "$1" <"$work/new"
    rm -f "$work/changed"
    cmp -s "$work/new" "${ROOT-}$1" && return 0
    : >"$work/changed"
    cat "$work/new" >"${ROOT-}$1"
}

# put FILE: one that is ours alone, with the content on stdin.
put() {
    if [ -e "${ROOT-}$1" ] && [ ! -e "$state/absent$1" ]; then
        fail "$1 is there and was not put there by the store: move it away, then run this again"
    fi
    write "$1"
}

# take_back FILE: gives it the content that it had before us; when somebody has changed it since, only what is ours goes.
take_back() {
    [ -e "$state/after$1" ] || return 0
    if [ "$(digest "$1")" = "$(cat "$state/after$1")" ]; then
        if [ -e "$state/before$1" ]; then cp -p "$state/before$1" "${ROOT-}$1"; else rm -f "${ROOT-}$1"; fi
    elif [ -e "${ROOT-}$1" ]; then
        take_out "$1"
    fi
    forget "$1"
}

forget() {
    rm -f "$state/before$1" "$state/absent$1" "$state/after$1"
}

take_out() {
    case $1 in
    /etc/hosts | */buildkitd.toml) without_ours "$1" >"$work/new" && leave "$1" ;;
    *) say "$1 was changed since the store put it there and stays" ;;
    esac
}

# leave FILE: with what others have in it; one in which nobody has anything was made by us or by another store.
leave() {
    if [ -s "$work/new" ]; then cat "$work/new" >"${ROOT-}$1"; else rm "${ROOT-}$1"; fi
}

# without_ours FILE: its lines but those between our marks, and but those that end in our mark.
without_ours() {
    [ -e "${ROOT-}$1" ] || return 0
    awk -v mark="# repository-store $STORE" '
        $0 == mark " begin" { ours = 1 }
        !ours && substr($0, length($0) - length(mark) + 1) != mark
        $0 == mark " end" { ours = 0 }' "${ROOT-}$1"
}

changed_files() {
    [ ! -d "$state/after" ] || (cd "$state/after" && find . -type f | sed 's/^\.//')
}

# Folders that a store made go when nothing is left in them, whichever store had the last file there.
remove_folders() {
    [ -e "$all_states/folders" ] || return 0
    sort -r -u "$all_states/folders" | while read -r folder; do
        rmdir "${ROOT-}$folder" 2>/dev/null || [ ! -d "${ROOT-}$folder" ] || echo "$folder"
    done >"$work/folders"
    if [ -s "$work/folders" ]; then cp "$work/folders" "$all_states/folders"; else rm "$all_states/folders"; fi
}
