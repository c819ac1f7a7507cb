# What lies in the home of an account is the account's to change, and root would follow the links that it puts there. So
# a process of the account reads and changes it, through no link, and a new content comes by a rename.

# Runs as the account: ACTION FILE [MODE].
home_program='
set -eu
umask 077
folder=${2%/*}
look() {
    if [ -h "$folder" ] || [ -h "$1" ]; then
        echo link
    elif [ -f "$1" ] && [ "$(wc -c <"$1")" -lt 4194304 ]; then
        echo file
    elif [ -e "$1" ] || { [ -e "$folder" ] && [ ! -d "$folder" ]; }; then
        echo other
    else
        echo absent
    fi
}
case $1 in
look) look "$2" ;;
read) [ "$(look "$2")" != file ] || head -c 4194304 "$2" ;;
mode) stat -c %a "$2" ;;
protect) [ "$(look "$2")" != file ] || chmod 600 "$2" ;;
replace)
    case $(look "$2") in link | other) exit 1 ;; esac
    new=$(mktemp "$folder/.repository-store.XXXXXX")
    trap "rm -f \"$new\"" EXIT
    cat >"$new"
    chmod "$3" "$new"
    mv -f "$new" "$2" ;;
delete) rm -f "$2" ;;
make_folder) [ -d "$folder" ] || { mkdir "$folder" && echo made; } ;;
remove_folder) rmdir "$folder" 2>/dev/null || [ ! -d "$folder" ] || echo left ;;
esac'

# in_home ACCOUNT ACTION FILE [MODE]
in_home() {
    as "$1" "$home_program" "$2" "${ROOT-}$3" "${4-}"
}

# as ACCOUNT PROGRAM ARGUMENT...: with no terminal of ours, into which it could type, not for ever, and with nothing of our
# environment: the account may read that of its processes.
as() {
    name=$1 program=$2
    shift 2
    if [ "$(id -un)" = "$name" ]; then
        sh -c "$program" sh "$@"
    else
        # shellcheck disable=SC2046 # words
        env -i PATH="$PATH" $(apart) su -s /bin/sh "$name" -c "$program" sh "$@"
    fi
}

apart() {
    ! has timeout || echo timeout 300
    ! has setsid || echo setsid
}

home_of() {
    getent passwd "$1" | cut -d : -f 6
}

digest_in_home() {
    if [ "$(in_home "$1" look "$2")" = file ]; then
        in_home "$1" read "$2" | sha256sum | cut -d ' ' -f 1
    else
        echo absent
    fi
}

# keep_in_home ACCOUNT FILE: what is there now, unless it was kept before; the copy, which only root reaches, has its mode.
keep_in_home() {
    [ ! -e "$state/before$2" ] && [ ! -e "$state/absent$2" ] || return 0
    if [ "$(in_home "$1" look "$2")" = file ]; then
        in_home "$1" read "$2" >"$work/kept"
        mkdir -p "$state/before$(dirname "$2")"
        cp "$work/kept" "$state/before$2"
        chmod "$(in_home "$1" mode "$2")" "$state/before$2"
    else
        mkdir -p "$state/absent$(dirname "$2")"
        : >"$state/absent$2"
    fi
}

# take_back_in_home ACCOUNT FILE: as take_back does for root's files; a link that has taken its place stays.
take_back_in_home() {
    if [ "$(digest_in_home "$1" "$2")" != "$(cat "$state/after$2" 2>/dev/null)" ]; then
        case $(in_home "$1" look "$2") in
        link | other) say "$2 was a file when the store changed it, is none now and stays as it is" ;;
        esac
    elif [ -e "$state/before$2" ]; then
        in_home "$1" replace "$2" "$(stat -c %a "$state/before$2")" <"$state/before$2" ||
            say "$2 could not be put back by the account $1 and stays as it is"
    else
        in_home "$1" delete "$2"
    fi
    forget "$2"
}

# The folders that we made in homes: a line of account and file for each, which other stores may still need.
make_folder_in_home() {
    if [ -n "$(in_home "$1" make_folder "$2")" ]; then echo "$1 $2" >>"$all_states/home-folders"; fi
}

remove_folders_in_homes() {
    adopt_home_folders
    [ -e "$all_states/home-folders" ] || return 0
    sort -u "$all_states/home-folders" | while read -r name file; do
        [ -z "$(home_of "$name")" ] || [ -z "$(in_home "$name" remove_folder "$file")" ] || echo "$name $file"
    done >"$work/home-folders"
    if [ -s "$work/home-folders" ]; then
        cp "$work/home-folders" "$all_states/home-folders"
    else
        rm "$all_states/home-folders"
    fi
}

# Before there was this file they stood among root's.
adopt_home_folders() {
    [ -e "$all_states/folders" ] && [ -n "${account-}" ] || return 0
    folder=$(home_of "$account")/.docker
    grep -qxF "$folder" "$all_states/folders" || return 0
    grep -vxF "$folder" "$all_states/folders" >"$work/folders" || true
    cp "$work/folders" "$all_states/folders"
    echo "$account $folder/config.json" >>"$all_states/home-folders"
}
