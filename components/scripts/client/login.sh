# `docker login` for one account of this host; docker keeps it in the account's credential helper or, with mode 0600, in
# its config file, which podman, buildah and skopeo read as well. The password is on no command line.

login() {
    wanted=${ACCOUNT:-${SUDO_USER:-$(id -un)}}
    home=$(home_of "$wanted")
    [ -n "$home" ] || fail "there is no account $wanted on this host: set login.account to one that there is"
    [ "$(cat "$state/login" 2>/dev/null)" = "$wanted $REGISTRIES" ] || logout
    account=$wanted
    config=$home/.docker/config.json
    case $(at look "$config") in
    link | other)
        fail "$config: it or its folder is a link, or no file of a sensible size, and a login follows no link." \
            "Fix: put a plain file there as $account, or take out login"
        ;;
    esac
    [ -z "$(at make_folder "$config")" ] || echo "$account $config" >>"$all_states/home-folders"
    keep "$config"
    echo "$account $REGISTRIES" >"$state/login"
    for registry in $REGISTRIES; do
        output=$(printf %s "$PASSWORD" | as "$account" "$(login_program) login \"\$1\" --username \"\$2\" --password-stdin" \
            "$registry" "$LOGIN_USER" 2>&1) && continue
        # It is a program of the account that root sees this of: no control characters.
        fail "login to $registry as $LOGIN_USER: $(printf %s "$output" | tr -d '\000-\010\013-\037\177')"
    done
    at protect "$config"
    at read "$config" | ours "$config"
}

logout() {
    [ -e "$state/login" ] || return 0
    read -r account registries <"$state/login"
    if [ -z "$(home_of "$account")" ]; then
        say "the account $account is gone, and its login with it"
        kept_of_homes | while read -r file; do forget "$file"; done
    else
        logout_of "$(home_of "$account")/.docker/config.json"
    fi
    rm "$state/login"
}

# logout_of FILE: what the logout itself changes in it counts as ours.
logout_of() {
    was=$(digest "$1")
    for registry in $registries; do
        as "$account" "$(login_program) logout \"\$1\"" "$registry" >/dev/null 2>&1 ||
            say "no logout from $registry was possible"
    done
    [ "$was" != "$(cat "$state/after$1" 2>/dev/null)" ] || digest "$1" >"$state/after$1"
    kept_of_homes | while read -r file; do take_back "$file"; done
}

kept_of_homes() {
    changed_files | grep '/\.docker/config\.json$'
}

# podman keeps its login in memory unless it is told docker's file.
login_program() {
    if has docker; then
        echo docker
    elif has podman; then
        # shellcheck disable=SC2016 # the account's own
        echo 'REGISTRY_AUTH_FILE=$HOME/.docker/config.json podman'
    else
        fail "there is neither docker nor podman on this host to log in with: install one, or take out login"
    fi
}
