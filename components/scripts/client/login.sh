# `docker login` for one account of this host. docker stores it in the account's credential helper or, with mode 0600, in its
# config file, which podman, buildah and skopeo also read. The password is never an argument.

login() {
    wanted=${ACCOUNT:-${SUDO_USER:-$(id -un)}}
    home=$(home_of "$wanted")
    [ -n "$home" ] || fail "clients.*.login.account: no such account on this host (got $wanted). Fix: name an existing one"
    [ "$(cat "$state/login" 2>/dev/null)" = "$wanted $REGISTRIES" ] || logout
    account=$wanted
    config=$home/.docker/config.json
    case $(file_op kind "$config") in
    link | other)
        fail "$config: the file or its folder is a link, or it is not a regular file under 4 MiB; a login follows no links." \
            "Fix: put a regular file there as $account, or remove login"
        ;;
    esac
    [ -z "$(file_op make_folder "$config")" ] || echo "$account $config" >>"$all_states/home-folders"
    back_up "$config"
    echo "$account $REGISTRIES" >"$state/login"
    for registry in $REGISTRIES; do
        output=$(printf %s "$PASSWORD" | run_as "$account" "$(login_program) login \"\$1\" --username \"\$2\" --password-stdin" \
            "$registry" "$LOGIN_USER" 2>&1) && continue
        # Root sees the output of a program of the account: without control characters.
        fail "login to $registry as $LOGIN_USER: $(printf %s "$output" | tr -d '\000-\010\013-\037\177')"
    done
    file_op protect "$config"
    file_op read "$config" | record_digest "$config"
}

logout() {
    [ -e "$state/login" ] || return 0
    read -r account registries <"$state/login"
    if [ -z "$(home_of "$account")" ]; then
        say "the account $account is gone, and its login with it"
        changed_home_files | while read -r file; do forget "$file"; done
    else
        logout_of "$(home_of "$account")/.docker/config.json"
    fi
    rm "$state/login"
}

# logout_of FILE: records its digest again, so that the logout does not count as somebody else's change.
logout_of() {
    was=$(digest "$1")
    for registry in $registries; do
        run_as "$account" "$(login_program) logout \"\$1\"" "$registry" >/dev/null 2>&1 ||
            say "could not log out from $registry"
    done
    [ "$was" != "$(cat "$state/after$1" 2>/dev/null)" ] || digest "$1" >"$state/after$1"
    changed_home_files | while read -r file; do restore "$file"; done
}

changed_home_files() {
    changed_files | grep '/\.docker/config\.json$'
}

# Without docker's file, podman stores the login in a folder that a reboot empties.
login_program() {
    if has docker; then
        echo docker
    elif has podman; then
        # shellcheck disable=SC2016 # the account expands it
        echo 'REGISTRY_AUTH_FILE=$HOME/.docker/config.json podman'
    else
        fail "clients.*.login: this host has neither docker nor podman. Fix: install one, or remove login"
    fi
}
