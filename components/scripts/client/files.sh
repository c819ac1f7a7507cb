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

# at look|read|mode|replace|delete FILE [MODE]: those in a home are the business of a process of its account.
at() {
    case $2 in
    */.docker/config.json) in_home "$account" "$@" ;;
    *) root_file "$1" "${ROOT-}$2" ;;
    esac
}

# In place, as a file may be a mount or a link.
root_file() {
    case $1 in
    look) if [ -e "$2" ]; then echo file; else echo absent; fi ;;
    read) cat "$2" ;;
    mode) stat -c %a "$2" ;;
    replace) cat >"$2" ;;
    delete) rm -f "$2" ;;
    esac
}

digest() {
    if [ "$(at look "$1")" = file ]; then at read "$1" | sha256sum | cut -d ' ' -f 1; else echo absent; fi
}

# keep FILE: what is there now, unless it was kept before; the copy, which only root reaches, has its mode.
keep() {
    [ ! -e "$state/before$1" ] && [ ! -e "$state/absent$1" ] || return 0
    if [ "$(at look "$1")" = file ]; then
        at read "$1" >"$work/kept"
        mkdir -p "$state/before$(dirname "$1")"
        cp "$work/kept" "$state/before$1"
        chmod "$(at mode "$1")" "$state/before$1"
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

# write FILE: one of root's, with the content on stdin. There is $work/changed when it had another one.
write() {
    cat >"$work/new"
    make_folder "$(dirname "$1")"
    keep "$1"
    ours "$1" <"$work/new"
    rm -f "$work/changed"
    cmp -s "$work/new" "${ROOT-}$1" && return 0
    : >"$work/changed"
    at replace "$1" <"$work/new"
}

# put FILE: one of root's that is ours alone, with the content on stdin.
put() {
    if [ -e "${ROOT-}$1" ] && [ ! -e "$state/absent$1" ]; then
        fail "$1 is there and was not put there by the store: move it away, then run this again"
    fi
    write "$1"
}

# take_back FILE: gives it the content that it had before us; when somebody has changed it since, only what is ours goes.
take_back() {
    if [ "$(digest "$1")" != "$(cat "$state/after$1")" ]; then
        take_out "$1"
    elif [ ! -e "$state/before$1" ]; then
        at delete "$1"
    elif ! at replace "$1" "$(stat -c %a "$state/before$1")" <"$state/before$1"; then
        say "$1 could not be given its earlier content and stays as it is"
    fi
    forget "$1"
}

forget() {
    rm -f "$state/before$1" "$state/absent$1" "$state/after$1"
}

take_out() {
    case $(at look "$1"):$1 in
    absent:* | file:*/.docker/config.json) ;; # docker has logged out
    link:* | other:*) say "$1 was a file when the store changed it, is none now and stays as it is" ;;
    *:/etc/hosts | *:*/buildkitd.toml) without_ours "$1" >"$work/new" && leave "$1" ;;
    *) say "$1 was changed since the store put it there and stays" ;;
    esac
}

# leave FILE: with what others have in it; one in which nobody has anything was made by us or by another store.
leave() {
    if [ -s "$work/new" ]; then at replace "$1" <"$work/new"; else at delete "$1"; fi
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

# make_folder FOLDER: with its parents; remembers which were not there.
make_folder() {
    [ ! -d "${ROOT-}$1" ] || return 0
    make_folder "$(dirname "$1")"
    mkdir "${ROOT-}$1"
    echo "$1" >>"$all_states/folders"
}

# Folders that a store made go when nothing is left in them, whichever store had the last file there. Those in homes stand
# in a list of their own, with the account first.
remove_folders() {
    for list in folders home-folders; do
        [ -e "$all_states/$list" ] || continue
        sort -r -u "$all_states/$list" | while read -r line; do remove_folder "$line" || echo "$line"; done >"$work/$list"
        if [ -s "$work/$list" ]; then cp "$work/$list" "$all_states/$list"; else rm "$all_states/$list"; fi
    done
}

remove_folder() {
    case $1 in
    /*) rmdir "${ROOT-}$1" 2>/dev/null || [ ! -d "${ROOT-}$1" ] ;;
    *) [ -z "$(home_of "${1%% *}")" ] || [ -z "$(in_home "${1%% *}" remove_folder "${1#* }")" ] ;;
    esac
}
