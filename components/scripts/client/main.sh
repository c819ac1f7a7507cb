# install: installs what the settings ask for and restores what they no longer ask for.
# remove: restores everything.

main() {
    set -eu
    umask 022
    # shellcheck disable=SC2046 # words; the passphrase of the stack may be in it
    unset $(env | sed -n 's/^\(PULUMI_[A-Z0-9_]*\)=.*/\1/p') nothing
    if [ -z "${ROOT-}" ]; then
        [ "$(id -u)" = 0 ] || fail "clients.*.sudo: only root can change this host's files. Fix: set it to true, or log in as root"
        PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    fi
    (umask 077 && mkdir -p "$state")
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    : >"$work/wanted"
    "$1"
}

install() {
    # Files for earlier registry names are found by those names.
    before=$(cat "$state/registries" 2>/dev/null || echo "$REGISTRIES")
    if [ "$before" != "$REGISTRIES" ]; then (REGISTRIES=$before; restore_all); fi
    echo "$REGISTRIES" >"$state/registries"
    hosts_entry
    trust
    insecure "$INSECURE"
    if [ -n "$LOGIN_USER" ] && [ -n "$REGISTRIES" ]; then login; else logout; fi
    changed_files | while read -r file; do
        grep -qxF "$file" "$work/wanted" || restore_and_refresh "$file"
    done
    remove_folders
}

remove() {
    REGISTRIES=$(cat "$state/registries" 2>/dev/null || true)
    restore_all
    rm -rf "$state"
    # After the last store, nothing needs the list of folders: what is left in them belongs to others.
    [ -n "$(find "$all_states" -mindepth 1 -type d)" ] || rm -r "$all_states"
}

restore_all() {
    logout
    insecure no
    changed_files | while read -r file; do restore_and_refresh "$file"; done
    remove_folders
}

restore_and_refresh() {
    restore "$1"
    anchors=$(system_anchors)
    case $1 in "$anchors/$STORE.crt" | "$anchors/$STORE+"*.crt) [ -z "$anchors" ] || refresh_system ;; esac
}

main "$@" </dev/null
