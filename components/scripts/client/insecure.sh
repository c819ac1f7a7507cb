# The two ways of telling dockerd not to verify the store, for those who ask for one: `insecure-registries` in
# daemon.json, or `--insecure-registry` in a drop-in of systemd's unit. dockerd refuses to start when both have it.

daemon_json=/etc/docker/daemon.json
drop_in=/etc/systemd/system/docker.service.d/zz-$STORE.conf
seconds_to_come_up=${SECONDS_TO_COME_UP:-60}
seconds_to_reload=${SECONDS_TO_RELOAD:-15}

insecure() {
    [ "$INSECURE" = systemdDropIn ] || take_back_drop_in
    [ "$INSECURE" = daemonJson ] || take_back_daemon_json
    case $INSECURE in
    daemonJson) insecure_daemon_json ;;
    systemdDropIn) insecure_drop_in ;;
    esac
}

# registries_json FILE add|remove|empty: the file with, or without, our registries, as insecure_registries.py prints it.
registries_json() {
    python=$(command -v python3 || command -v python) ||
        fail "python3 is not on this host and is needed to change $1: install it, or take out insecureRegistry"
    # shellcheck disable=SC2086 # the registries are words
    "$python" -c "$INSECURE_REGISTRIES" "${ROOT-}$1" "$2" $REGISTRIES
}

insecure_daemon_json() {
    flag=$(dockerd_flags | grep -e '--insecure-registry' | head -n 1) || true
    [ -z "$flag" ] || fail "dockerd is started with --insecure-registry, and would not start with $daemon_json having" \
        "it too: use insecureRegistry: systemdDropIn (found: $flag)"
    prepare_rollback "$daemon_json"
    registries_json "$daemon_json" add >"$work/daemon.json"
    validate "$work/daemon.json"
    write "$daemon_json" <"$work/daemon.json"
    [ -e "$work/changed" ] || return 0
    if ! docker_runs; then
        say "dockerd does not run; it reads $daemon_json when it starts"
        return
    fi
    reload_docker
    if ! docker_says false "$seconds_to_reload"; then
        roll_back "$daemon_json"
        reload_docker
        fail "dockerd does not take the new $daemon_json, which is as it was again"
    fi
}

take_back_daemon_json() {
    [ -e "$state/after$daemon_json" ] || return 0
    if docker_runs && [ -e "${ROOT-}$daemon_json" ] && registries_json "$daemon_json" empty >"$work/daemon.json"; then
        cp -p "${ROOT-}$daemon_json" "$work/now"
        cat "$work/daemon.json" >"${ROOT-}$daemon_json"
        reload_docker
        docker_says true "$seconds_to_reload" || say "dockerd still takes the store for insecure, until its next start"
        cat "$work/now" >"${ROOT-}$daemon_json"
    fi
    take_back "$daemon_json"
    reload_docker
}

# dockerd checks its own file since version 23.
validate() {
    if has dockerd && dockerd --help 2>/dev/null | grep -q -e --validate; then
        dockerd --validate --config-file "$1" >&2 || fail "dockerd does not accept the new $daemon_json: nothing was changed"
    fi
}

# Everything that dockerd is started with, but our own drop-in.
dockerd_flags() {
    ! systemd || unit || true
    cat "${ROOT-}/etc/default/docker" "${ROOT-}/etc/sysconfig/docker" 2>/dev/null | grep -v '^ *#' || true
    if ! systemd && docker_pid >/dev/null; then tr '\0' ' ' <"/proc/$(docker_pid)/cmdline"; fi
}

# The last ExecStart of docker's unit, in one line, as it is without our drop-in.
unit() {
    systemctl cat docker.service 2>/dev/null | awk -v ours="$drop_in" '
        /^# \// { skip = ($2 == ours) }
        skip { next }
        more { sub(/^[ \t]+/, ""); line = line " " $0 }
        !more { line = $0 }
        { more = sub(/[ \t]*\\$/, "", line) }
        !more && sub(/^ExecStart=/, "", line) && line != "" { start = line }
        END { print start }'
}

insecure_drop_in() {
    systemd || fail "insecureRegistry: systemdDropIn needs systemd, which is not on this host: use daemonJson"
    ! grep -q '"insecure-registries"' "${ROOT-}$daemon_json" 2>/dev/null ||
        fail "$daemon_json has insecure-registries, and dockerd would not start with --insecure-registry too:" \
            "use insecureRegistry: daemonJson"
    start=$(unit)
    has "${start%% *}" || fail "no ExecStart of docker.service could be read: is docker installed from a package?"
    case $start in
    *tcp://0.0.0.0:2375*) say "dockerd listens on tcp://0.0.0.0:2375: whoever reaches that port is root on this host" ;;
    esac
    prepare_rollback "$drop_in"
    for registry in $REGISTRIES; do start="$start --insecure-registry=$registry"; done
    printf '[Service]\nExecStart=\nExecStart=%s\n' "$start" | put "$drop_in"
    [ -e "$work/changed" ] || return 0
    restart_docker
    if ! docker_says false "$seconds_to_come_up"; then
        roll_back "$drop_in"
        restart_docker
        fail "dockerd did not come up with $drop_in within $seconds_to_come_up s; it is as it was again"
    fi
}

take_back_drop_in() {
    [ -e "$state/after$drop_in" ] || return 0
    take_back "$drop_in"
    remove_folders
    restart_docker
}

prepare_rollback() {
    rm -f "$work/rollback" "$work/after"
    cp "${ROOT-}$1" "$work/rollback" 2>/dev/null || true
    cp "$state/after$1" "$work/after" 2>/dev/null || true
}

# roll_back FILE: to what it was before this run; an earlier run's part of it stays known as ours.
roll_back() {
    if [ -e "$work/rollback" ]; then cat "$work/rollback" >"${ROOT-}$1"; else rm "${ROOT-}$1"; fi
    if [ -e "$work/after" ]; then
        cp "$work/after" "$state/after$1"
    else
        rm -f "$state/before$1" "$state/absent$1" "$state/after$1"
        remove_folders
    fi
}

# systemctl may be there without systemd, as in a container.
systemd() {
    [ -d "${ROOT-}/run/systemd/system" ]
}

docker_runs() {
    docker info >/dev/null 2>&1
}

docker_pid() {
    cat "${ROOT-}/run/docker.pid" 2>/dev/null || cat "${ROOT-}/var/run/docker.pid" 2>/dev/null
}

# `insecure-registries` is one of the settings that dockerd takes without a restart.
reload_docker() {
    if systemd; then
        ! systemctl is-active --quiet docker || systemctl reload docker
    elif docker_pid >/dev/null; then
        kill -HUP "$(docker_pid)"
    fi
}

restart_docker() {
    systemctl daemon-reload
    systemctl restart docker || true
}

# docker_says true|false SECONDS: waits until the engine takes each registry for a secure one, or for one that is not.
docker_says() {
    attempt=0
    until each_registry_is "$1"; do
        attempt=$((attempt + 1))
        [ "$attempt" -lt "$2" ] || return 1
        sleep 1
    done
}

each_registry_is() {
    for registry in $REGISTRIES; do
        secure=$(docker info --format "{{with index .RegistryConfig.IndexConfigs \"$registry\"}}{{.Secure}}{{end}}" 2>/dev/null) ||
            return 1
        [ "${secure:-true}" = "$1" ] || return 1
    done
}
