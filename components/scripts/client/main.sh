# install: puts everything there that the settings want, and takes back what they no longer want.
# remove: takes back everything.

main() {
    set -eu
    umask 022
    # shellcheck disable=SC2046 # words; the passphrase of the stack may be in it
    unset $(env | sed -n 's/^\(PULUMI_[A-Z0-9_]*\)=.*/\1/p') nothing
    if [ -z "${ROOT-}" ]; then
        [ "$(id -u)" = 0 ] || fail "this changes files of root: set sudo for the client, or let root log in"
        PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    fi
    (umask 077 && mkdir -p "$state")
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    : >"$work/wanted"
    case $1 in
    install) install ;;
    remove) remove ;;
    esac
}

install() {
    # What was put there for other names is found by those names.
    if [ "$(cat "$state/registries" 2>/dev/null || echo "$REGISTRIES")" != "$REGISTRIES" ]; then forget_all; fi
    echo "$REGISTRIES" >"$state/registries"
    name_entry
    trust
    insecure "$INSECURE"
    login
    changed_files | while read -r file; do
        grep -qxF "$file" "$work/wanted" || take_back_and_tell "$file"
    done
    remove_folders
}

forget_all() {
    new=$REGISTRIES
    REGISTRIES=$(cat "$state/registries")
    take_back_all
    REGISTRIES=$new
}

remove() {
    REGISTRIES=$(cat "$state/registries" 2>/dev/null || true)
    take_back_all
    rm -rf "$state"
    # After the last store nobody comes for the folders any more: what is left in them is somebody else's.
    for other in "$all_states"/*/; do
        [ ! -d "$other" ] || return 0
    done
    rm -f "$all_states/folders" "$all_states/home-folders"
    rmdir "$all_states"
}

take_back_all() {
    logout
    insecure no
    changed_files | while read -r file; do take_back_and_tell "$file"; done
    remove_folders
}

take_back_and_tell() {
    take_back "$1"
    anchors=$(system_anchors)
    case $1 in "$anchors/$STORE.crt" | "$anchors/$STORE+"*.crt) [ -z "$anchors" ] || refresh_system ;; esac
}

main "$@" </dev/null
