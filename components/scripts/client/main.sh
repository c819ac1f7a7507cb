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
    "$1"
}

install() {
    # What was put there for other names is found by those names.
    before=$(cat "$state/registries" 2>/dev/null || echo "$REGISTRIES")
    if [ "$before" != "$REGISTRIES" ]; then (REGISTRIES=$before; take_back_all); fi
    echo "$REGISTRIES" >"$state/registries"
    name_entry
    trust
    insecure "$INSECURE"
    if [ -n "$LOGIN_USER" ] && [ -n "$REGISTRIES" ]; then login; else logout; fi
    changed_files | while read -r file; do
        grep -qxF "$file" "$work/wanted" || take_back_and_tell "$file"
    done
    remove_folders
}

remove() {
    REGISTRIES=$(cat "$state/registries" 2>/dev/null || true)
    take_back_all
    rm -rf "$state"
    # After the last store nobody comes for the folders any more: what is left in them is somebody else's.
    [ -n "$(find "$all_states" -mindepth 1 -type d)" ] || rm -r "$all_states"
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
