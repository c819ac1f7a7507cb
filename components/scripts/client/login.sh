# `docker login` for one account of this host; docker keeps it in the account's credential helper or, with mode 0600, in
# its config file, which podman, buildah and skopeo read as well. The password is on no command line.

login() {
    if [ -z "$LOGIN_USER" ] || [ -z "$REGISTRIES" ]; then
        logout
        return
    fi
    account=${ACCOUNT:-${SUDO_USER:-$(id -un)}}
    config=$(home_of "$account")/.docker/config.json
    [ "$(cat "$state/login" 2>/dev/null)" = "$account $REGISTRIES" ] || logout
    make_folder_of "$account" "$(dirname "$config")"
    keep "$config"
    echo "$account $REGISTRIES" >"$state/login"
    for registry in $REGISTRIES; do
        said=$(printf %s "$PASSWORD" | as "$account" "$(login_program)" "login '$registry' --username '$LOGIN_USER' --password-stdin" 2>&1) ||
            fail "login to $registry as $LOGIN_USER: $said"
    done
    chmod 600 "${ROOT-}$config"
    ours "$config" <"${ROOT-}$config"
}

make_folder_of() {
    [ ! -d "${ROOT-}$2" ] || return 0
    make_folder "$2"
    chmod 700 "${ROOT-}$2"
    chown "$1:" "${ROOT-}$2"
}

logout() {
    [ -e "$state/login" ] || return 0
    read -r account registries <"$state/login"
    config=$(home_of "$account")/.docker/config.json
    was=$(digest "$config")
    for registry in $registries; do
        as "$account" "$(login_program)" "logout '$registry'" >/dev/null 2>&1 || say "no logout from $registry was possible"
    done
    # What the logout itself changed counts as ours.
    [ "$was" != "$(cat "$state/after$config" 2>/dev/null)" ] || digest "$config" >"$state/after$config"
    take_back "$config"
    rm "$state/login"
}

login_program() {
    if has docker; then
        echo docker
    elif has podman; then
        echo podman
    else
        fail "there is neither docker nor podman on this host to log in with: install one, or take out login"
    fi
}

# as ACCOUNT PROGRAM ARGUMENTS: podman keeps its login in memory unless it is told docker's file.
as() {
    command="$2 $3"
    [ "$2" = docker ] || command="REGISTRY_AUTH_FILE=\$HOME/.docker/config.json $command"
    if [ "$(id -un)" = "$1" ]; then sh -c "$command"; else su -s /bin/sh "$1" -c "$command"; fi
}

home_of() {
    home=$(getent passwd "$1" | cut -d : -f 6)
    [ -n "$home" ] || fail "there is no account $1 on this host: set login.account to one that there is"
    echo "$home"
}
