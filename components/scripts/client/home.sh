# An account can put links into its home that root would follow. So a process of the account reads and writes the files
# there; it follows no links and replaces a file by a rename.

# Runs as the account: ACTION FILE [MODE].
home_program='
set -eu
umask 077
folder=${2%/*}
kind() {
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
kind) kind "$2" ;;
read) [ "$(kind "$2")" != file ] || head -c 4194304 "$2" ;;
mode) stat -c %a "$2" ;;
protect) [ "$(kind "$2")" != file ] || chmod 600 "$2" ;;
replace)
    case $(kind "$2") in link | other) exit 1 ;; esac
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
    run_as "$1" "$home_program" "$2" "${ROOT-}$3" "${4-}"
}

# run_as ACCOUNT PROGRAM ARGUMENT...: without our terminal, into which it could type, without our environment, which the
# account could read, and with a time limit.
run_as() {
    name=$1 program=$2
    shift 2
    if [ "$(id -un)" = "$name" ]; then
        sh -c "$program" sh "$@"
    else
        # shellcheck disable=SC2046 # words
        env -i PATH="$PATH" $(detached) su -s /bin/sh "$name" -c "$program" sh "$@"
    fi
}

detached() {
    ! has timeout || echo timeout 300
    ! has setsid || echo setsid
}

home_of() {
    getent passwd "$1" | cut -d : -f 6
}
