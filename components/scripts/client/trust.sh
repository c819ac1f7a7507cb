# The store's CA where the engines of this host look for it. No daemon is restarted: all of them read it when they connect.

certificate() {
    printf '%s\n' "$CA"
}

trust() {
    if [ -z "$CA" ]; then
        say "the store's certificate is publicly trusted: nothing to install"
        return
    fi
    for registry in $REGISTRIES; do
        if has dockerd docker; then certificate | put "/etc/docker/certs.d/$registry/$STORE.crt"; fi
        if has podman buildah skopeo; then certificate | put "/etc/containers/certs.d/$registry/$STORE.crt"; fi
        if has containerd; then trust_containerd; fi
    done
    if has buildkitd || [ -d "${ROOT-}/etc/buildkit" ]; then trust_buildkit; fi
    if [ "$SYSTEM_STORE" = true ]; then trust_system; fi
}

trust_containerd() {
    folder=/etc/containerd/certs.d/$registry
    certificate | put "$folder/$STORE.crt"
    put "$folder/hosts.toml" <<END
server = "https://$registry"

[host."https://$registry"]
  ca = "$folder/$STORE.crt"
END
}

# buildkitd reads its file when it starts: the next builder that is made, or the next start of the service.
trust_buildkit() {
    file=/etc/buildkit/buildkitd.toml
    certificate | put "/etc/buildkit/$STORE.crt"
    without_ours "$file" >"$work/buildkitd.toml"
    {
        cat "$work/buildkitd.toml"
        echo "# repository-store $STORE begin"
        for registry in $REGISTRIES; do
            if grep -q "^ *\[registry\.\"$registry\"\]" "$work/buildkitd.toml"; then
                fail "$file has a table for $registry already: add ca = [\"/etc/buildkit/$STORE.crt\"] there or take it out"
            fi
            printf '[registry."%s"]\n  ca = ["/etc/buildkit/%s.crt"]\n' "$registry" "$STORE"
        done
        echo "# repository-store $STORE end"
    } >"$work/buildkitd"
    write "$file" <"$work/buildkitd"
}

# What curl, dnf, git and Java (where the system makes its key store) trust: a file for each certificate, as of one with
# two the second is in no folder of hashes and in no key store of Java.
trust_system() {
    anchors=$(system_anchors)
    if [ -z "$anchors" ]; then
        say "neither update-ca-certificates nor update-ca-trust is here: the system's own store stays as it is"
        return
    fi
    number=0 stale=""
    while [ "$number" -lt "$(certificate | grep -c BEGIN)" ]; do
        number=$((number + 1))
        file=$anchors/$STORE.crt
        [ "$number" = 1 ] || file=$anchors/$STORE+$number.crt
        certificate | awk -v wanted="$number" '/BEGIN/ { number++ } number == wanted' | put "$file"
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

# A line for the store's name, where this host cannot find it and the stack file gives an address.
name_entry() {
    [ -n "$ADDRESS" ] || return 0
    mark="# repository-store $STORE"
    if ! grep -q " $mark\$" "${ROOT-}/etc/hosts" 2>/dev/null && getent hosts "$HOST_NAME" >/dev/null; then
        return 0
    fi
    without_ours /etc/hosts >"$work/hosts"
    printf '%s %s %s\n' "$ADDRESS" "$HOST_NAME" "$mark" >>"$work/hosts"
    write /etc/hosts <"$work/hosts"
}
