# The Python package insecure_registry makes dockerd skip or resume verification of the store. Nothing else needs Python.

# insecure no|daemonJson|systemdDropIn
insecure() {
    [ "$1" != no ] || changed_files | grep -q -e '^/etc/docker/daemon\.json$' -e '/docker\.service\.d/' || return 0
    if ! find_python; then
        [ "$1" = no ] || fail "clients.*.insecureRegistry: Python is missing on this host (allowed 3.6 or newer)." \
            "Fix: install python3, or remove insecureRegistry, since the store's CA is trusted without it"
        say "this host has no python3 to make dockerd verify the store again." \
            "Fix: systemctl daemon-reload && systemctl restart docker"
        return
    fi
    printf %s "$INSECURE_REGISTRY" | base64 -d >"$work/insecure_registry.zip"
    # In a folder of root's, since Python looks for modules in the current folder first.
    (cd "$work" && ROOT="${ROOT-}" STORE="$STORE" REGISTRIES="$REGISTRIES" STATE="$state" WANTED="$work/wanted" INSECURE="$1" \
        PYTHONPATH="$work/insecure_registry.zip" "$python" -m insecure_registry) || { remove_folders && exit 1; }
}

# /usr/libexec/platform-python is that of Red Hat 8 and newer.
find_python() {
    for python in python3 /usr/libexec/platform-python; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null && return
    done
    return 1
}
