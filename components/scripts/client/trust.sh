# Installs the store's CA where this host's engines look for it. They read it when they connect, so none is restarted.

certificate() {
    printf '%s\n' "$CA"
}

trust() {
    if [ -z "$CA" ]; then
        say "the store's certificate is publicly trusted: nothing to install"
        return
    fi
    for registry in $REGISTRIES; do
        if has dockerd docker; then certificate | write_own "/etc/docker/certs.d/$registry/$STORE.crt"; fi
        if has podman buildah skopeo; then certificate | write_own "/etc/containers/certs.d/$registry/$STORE.crt"; fi
        if has containerd; then trust_containerd; fi
    done
    if has buildkitd || [ -d "${ROOT-}/etc/buildkit" ]; then trust_buildkit; fi
    if [ "$SYSTEM_STORE" = true ]; then trust_system; fi
}

trust_containerd() {
    folder=/etc/containerd/certs.d/$registry
    certificate | write_own "$folder/$STORE.crt"
    write_own "$folder/hosts.toml" <<END
server = "https://$registry"

[host."https://$registry"]
  ca = "$folder/$STORE.crt"
END
}

# buildkitd reads its file when it starts: with the next new builder or restart of the service.
trust_buildkit() {
    file=/etc/buildkit/buildkitd.toml
    certificate | write_own "/etc/buildkit/$STORE.crt"
    without_ours "$file" >"$work/buildkitd.toml"
    {
        cat "$work/buildkitd.toml"
        echo "# repository-store $STORE begin"
        for registry in $REGISTRIES; do
            if grep -q "^ *\[registry\.\"$registry\"\]" "$work/buildkitd.toml"; then
                fail "$file has a table for $registry already. Fix: add ca = [\"/etc/buildkit/$STORE.crt\"] to it, or remove it"
            fi
            printf '[registry."%s"]\n  ca = ["/etc/buildkit/%s.crt"]\n' "$registry" "$STORE"
        done
        echo "# repository-store $STORE end"
    } >"$work/buildkitd"
    write "$file" <"$work/buildkitd"
}

# The trust store of curl, dnf, git and, if the system creates its key store, Java. Each certificate gets its own file: of
# two in one file, the second gets no hash link and does not reach Java's key store.
trust_system() {
    anchors=$(system_anchors)
    if [ -z "$anchors" ]; then
        say "this host has neither update-ca-certificates nor update-ca-trust: its system trust store stays unchanged"
        return
    fi
    number=0 stale=""
    while [ "$number" -lt "$(certificate | grep -c BEGIN)" ]; do
        number=$((number + 1))
        file=$anchors/$STORE.crt
        [ "$number" = 1 ] || file=$anchors/$STORE+$number.crt
        certificate | awk -v wanted="$number" '/BEGIN/ { number++ } number == wanted' | write_own "$file"
        [ ! -e "$work/changed" ] || stale=yes
    done
    [ -z "$stale" ] || refresh_system
}

system_anchors() {
    if has update-ca-certificates; then
        echo /usr/local/share/ca-certificates
    elif has update-ca-trust && [ -d "${ROOT-}/etc/pki/ca-trust" ]; then
        echo /etc/pki/ca-trust/source/anchors
    elif has update-ca-trust; then
        echo /etc/ca-certificates/trust-source/anchors
    fi
}

refresh_system() {
    if has update-ca-certificates; then update-ca-certificates --fresh >/dev/null 2>&1; else update-ca-trust; fi
}

# Adds the store to /etc/hosts if the stack file has an address and this host cannot resolve the name.
hosts_entry() {
    [ -n "$ADDRESS" ] || return 0
    mark="# repository-store $STORE"
    if ! grep -q " $mark\$" "${ROOT-}/etc/hosts" 2>/dev/null && getent hosts "$HOST_NAME" >/dev/null; then
        return 0
    fi
    without_ours /etc/hosts >"$work/hosts"
    printf '%s %s %s\n' "$ADDRESS" "$HOST_NAME" "$mark" >>"$work/hosts"
    write /etc/hosts <"$work/hosts"
}
