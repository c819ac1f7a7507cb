# `docker login` for one account of this host; docker keeps it in the account's credential helper or, with mode 0600, in
# its config file, which podman, buildah and skopeo read as well. The password is on no command line.

login() {
    if [ -z "$LOGIN_USER" ] || [ -z "$REGISTRIES" ]; then
        logout
        return
    fi
    account=${ACCOUNT:-${SUDO_USER:-$(id -un)}}
    home=$(home_of "$account")
    [ -n "$home" ] || fail "there is no account $account on this host: set login.account to one that there is"
    config=$home/.docker/config.json
    [ "$(cat "$state/login" 2>/dev/null)" = "$account $REGISTRIES" ] || logout
    case $(in_home "$account" look "$config") in
    link | other)
        fail "$config: it or its folder is a link, or no file of a sensible size, and a login follows no link." \
            "Fix: put a plain file there as $account, or take out login"
        ;;
    esac
    make_folder_in_home "$account" "$config"
    keep_in_home "$account" "$config"
    echo "$account $REGISTRIES" >"$state/login"
    for registry in $REGISTRIES; do
        output=$(printf %s "$PASSWORD" | as "$account" "$(login_program) login \"\$1\" --username \"\$2\" --password-stdin" \
            "$registry" "$LOGIN_USER" 2>&1) || fail "login to $registry as $LOGIN_USER: $(printf %s "$output" | printable)"
    done
    in_home "$account" protect "$config"
    in_home "$account" read "$config" | ours "$config"
}

logout() {
    [ -e "$state/login" ] || return 0
    read -r account registries <"$state/login"
    if [ -z "$(home_of "$account")" ]; then
        say "the account $account is gone, and its login with it"
        changed_files | while read -r file; do ! is_in_a_home "$file" || forget "$file"; done
    else
        logout_of "$account" "$(home_of "$account")/.docker/config.json"
    fi
    rm "$state/login"
}

logout_of() {
    was=$(digest_in_home "$1" "$2")
    for registry in $registries; do
        as "$1" "$(login_program) logout \"\$1\"" "$registry" >/dev/null 2>&1 ||
            say "no logout from $registry was possible"
    done
    # What the logout itself changed counts as ours.
    [ "$was" != "$(cat "$state/after$2" 2>/dev/null)" ] || digest_in_home "$1" "$2" >"$state/after$2"
    changed_files | while read -r file; do ! is_in_a_home "$file" || take_back_in_home "$1" "$file"; done
    remove_folders_in_homes
}

is_in_a_home() {
    case $1 in */.docker/config.json) ;; *) return 1 ;; esac
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

# What a program of the account says is shown to root: no control characters.
printable() {
    tr -d '\000-\010\013-\037\177'
}
