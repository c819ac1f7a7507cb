# Changes files of this host and restores them byte for byte: a copy of the original is kept under $state.
# ROOT is empty, or in tests a folder that stands for /. STORE is the name of the store; a host may have several.

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

# file_op kind|read|mode|replace|delete FILE [MODE]: files in a home are left to a process of its account.
file_op() {
    case $2 in
    */.docker/config.json) in_home "$account" "$@" ;;
    *) root_file "$1" "${ROOT-}$2" ;;
    esac
}

# Writes in place, since the file may be a mount or a link.
root_file() {
    case $1 in
    kind) if [ -e "$2" ]; then echo file; else echo absent; fi ;;
    read) cat "$2" ;;
    mode) stat -c %a "$2" ;;
    replace) cat >"$2" ;;
    delete) rm -f "$2" ;;
    esac
}

digest() {
    if [ "$(file_op kind "$1")" = file ]; then file_op read "$1" | sha256sum | cut -d ' ' -f 1; else echo absent; fi
}

# back_up FILE: unless done before, copies it with its mode to a folder that only root can read, or records that it is absent.
back_up() {
    [ ! -e "$state/before$1" ] && [ ! -e "$state/absent$1" ] || return 0
    if [ "$(file_op kind "$1")" = file ]; then
        file_op read "$1" >"$work/kept"
        mkdir -p "$state/before$(dirname "$1")"
        cp "$work/kept" "$state/before$1"
        chmod "$(file_op mode "$1")" "$state/before$1"
    else
        mkdir -p "$state/absent$(dirname "$1")"
        : >"$state/absent$1"
    fi
}

# record_digest FILE: of the content on stdin that the store writes; if it differs later, somebody else changed the file.
record_digest() {
    mkdir -p "$state/after$(dirname "$1")"
    sha256sum | cut -d ' ' -f 1 >"$state/after$1"
    echo "$1" >>"$work/wanted"
}

# write FILE: writes stdin to a file of root's; creates $work/changed if the content is new.
write() {
    cat >"$work/new"
    make_folder "$(dirname "$1")"
    back_up "$1"
    record_digest "$1" <"$work/new"
    rm -f "$work/changed"
    cmp -s "$work/new" "${ROOT-}$1" && return 0
    : >"$work/changed"
    file_op replace "$1" <"$work/new"
}

# write_own FILE: like write, for a file that belongs to the store alone.
write_own() {
    if [ -e "${ROOT-}$1" ] && [ ! -e "$state/absent$1" ]; then
        fail "$1 exists, but the store did not write it. Fix: move it away, then run this again"
    fi
    write "$1"
}

# restore FILE: to its original content; if somebody has changed it since, removes only the store's part.
restore() {
    if [ "$(digest "$1")" != "$(cat "$state/after$1")" ]; then
        remove_ours "$1"
    elif [ ! -e "$state/before$1" ]; then
        file_op delete "$1"
    elif ! file_op replace "$1" "$(stat -c %a "$state/before$1")" <"$state/before$1"; then
        say "$1: the original content could not be restored; left unchanged"
    fi
    forget "$1"
}

forget() {
    rm -f "$state/before$1" "$state/absent$1" "$state/after$1"
}

remove_ours() {
    case $(file_op kind "$1"):$1 in
    absent:* | file:*/.docker/config.json) ;; # done by docker logout
    link:* | other:*) say "$1 is no longer a regular file; left unchanged" ;;
    *:/etc/hosts | *:*/buildkitd.toml) without_ours "$1" >"$work/new" && write_or_delete "$1" ;;
    *) say "$1 was changed after the store wrote it; left unchanged" ;;
    esac
}

# write_or_delete FILE: writes $work/new to it; if that is empty, deletes it, since a store must have created it.
write_or_delete() {
    if [ -s "$work/new" ]; then file_op replace "$1" <"$work/new"; else file_op delete "$1"; fi
}

# without_ours FILE: prints it without the lines between this store's marks and those that end in its mark.
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

# make_folder FOLDER: with its parents; records those that it creates.
make_folder() {
    [ ! -d "${ROOT-}$1" ] || return 0
    make_folder "$(dirname "$1")"
    mkdir "${ROOT-}$1"
    echo "$1" >>"$all_states/folders"
}

# Removes the folders that any store of this host created and that are empty now. Those in homes are in a list of their own,
# with the account first.
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
