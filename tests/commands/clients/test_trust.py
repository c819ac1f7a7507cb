"""Trust is stored where the host's engines read it, and removed without a trace."""

from pathlib import Path

import pytest

from tests.commands.clients.host import SETTINGS, Host

CA = SETTINGS["CA"] + "\n"
DOCKER = "/etc/docker/certs.d/nexus.domain.org/store-client.crt"
CONTAINERS = "/etc/containers/certs.d/nexus.domain.org/store-client.crt"
CONTAINERD = "/etc/containerd/certs.d/nexus.domain.org"
BUILDKIT = "/etc/buildkit/buildkitd.toml"
DEBIAN = "/usr/local/share/ca-certificates/store-client.crt"
REDHAT = "/etc/pki/ca-trust/source/anchors/store-client.crt"
ARCH = "/etc/ca-certificates/trust-source/anchors/store-client.crt"
EVERYTHING = (DOCKER, CONTAINERS, f"{CONTAINERD}/store-client.crt", f"{CONTAINERD}/hosts.toml", BUILDKIT, DEBIAN)


@pytest.mark.parametrize(
    ("programs", "files"),
    [
        ([], []),
        (["docker"], [DOCKER]),
        (["podman"], [CONTAINERS]),
        (["skopeo"], [CONTAINERS]),
        (["containerd"], [f"{CONTAINERD}/store-client.crt", f"{CONTAINERD}/hosts.toml"]),
        (["buildkitd"], [BUILDKIT, "/etc/buildkit/store-client.crt"]),
        (["update-ca-certificates"], [DEBIAN]),
        (["update-ca-trust"], [ARCH]),
    ],
)
def test_only_installed_engines_are_configured(tmp_path: Path, programs: list[str], files: list[str]) -> None:
    host = Host(tmp_path, *programs)
    before = host.files
    host.install()
    new = {f"/{path}" for path, content in host.files.items() if path not in before and content is not None}
    assert {path for path in new if not path.startswith("/var/lib/repository-store")} == set(files)
    assert all(host.read(path) == CA for path in files if path.endswith(".crt"))


NEXT_CA = "-----BEGIN CERTIFICATE-----\nthe next CA\n-----END CERTIFICATE-----"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path, "docker", "podman", "containerd", "buildkitd", "update-ca-certificates")


def test_removal_restores_every_file(host: Host) -> None:
    host.write(BUILDKIT, "[worker.oci]\n  enabled = true")
    host.write("/etc/docker/certs.d/other.domain.org/ca.crt", "another CA")
    before = host.files
    host.install(ADDRESS="192.0.2.7")
    assert all(host.has(path) for path in EVERYTHING)
    host.remove()
    assert host.files == before


def test_a_second_install_changes_nothing_and_refreshes_nothing(host: Host) -> None:
    host.install()
    first, calls = host.files, host.calls
    assert calls == ["update-ca-certificates --fresh"]
    host.install()
    assert host.files == first
    assert host.calls == calls


def test_a_new_ca_replaces_the_old_one(host: Host) -> None:
    host.install()
    host.install(CA=NEXT_CA)
    assert host.read(DOCKER) == NEXT_CA + "\n"
    assert host.read(DEBIAN) == NEXT_CA + "\n"
    assert host.calls == ["update-ca-certificates --fresh"] * 2


def test_each_of_two_cas_is_a_system_file_until_it_is_removed(host: Host) -> None:
    second = DEBIAN.replace(".crt", "+2.crt")
    before = host.files
    host.install()
    host.install(CA=CA + NEXT_CA)
    assert host.read(DOCKER) == CA + NEXT_CA + "\n"
    assert (host.read(DEBIAN), host.read(second)) == (CA, NEXT_CA + "\n")
    host.install(CA=NEXT_CA)
    assert (host.read(DEBIAN), host.has(second)) == (NEXT_CA + "\n", False)
    host.install(CA=CA + NEXT_CA)
    host.remove()
    assert host.files == before
    assert host.calls == ["update-ca-certificates --fresh"] * len(host.calls)
    assert len(host.calls) > 4


def test_unwanted_parts_are_removed(host: Host) -> None:
    host.install(ADDRESS="192.0.2.7")
    host.install(SYSTEM_STORE="false", CA="")
    assert not any(host.has(path) for path in EVERYTHING)
    assert "nexus.domain.org" not in host.read("/etc/hosts")
    assert not host.has("/etc/containerd")


def test_another_name_replaces_the_old_one(host: Host) -> None:
    before = host.files
    host.install()
    host.install(HOST_NAME="store.domain.org", REGISTRIES="store.domain.org:5000 store.domain.org:5001")
    assert not host.has(DOCKER)
    assert host.read("/etc/docker/certs.d/store.domain.org:5001/store-client.crt") == CA
    assert host.read(BUILDKIT).count("[registry.") == 2
    host.remove()
    assert host.files == before


def test_containerd_verifies_with_the_ca(host: Host) -> None:
    host.install()
    assert host.read(f"{CONTAINERD}/hosts.toml") == (
        'server = "https://nexus.domain.org"\n\n[host."https://nexus.domain.org"]\n'
        f'  ca = "{CONTAINERD}/store-client.crt"\n'
    )


def test_a_file_of_others_is_not_changed(host: Host) -> None:
    host.write(f"{CONTAINERD}/hosts.toml", "theirs")
    code, output = host.run("install")
    assert code != 0
    assert f"{CONTAINERD}/hosts.toml exists, but the store did not write it" in output
    assert host.read(f"{CONTAINERD}/hosts.toml") == "theirs"


def test_a_buildkit_table_of_others_is_kept(host: Host) -> None:
    host.write(BUILDKIT, '[registry."nexus.domain.org"]\n  http = true\n')
    code, output = host.run("install")
    assert code != 0
    assert "has a table for nexus.domain.org already" in output


def test_red_hat_uses_its_own_folder(tmp_path: Path) -> None:
    host = Host(tmp_path, "update-ca-trust")
    host.write("/etc/pki/ca-trust/README", "")
    host.install()
    assert host.read(REDHAT) == CA
    host.remove()
    assert not host.has(REDHAT)
    assert host.calls == ["update-ca-trust "] * 2


def test_a_name_in_dns_gets_no_hosts_line(host: Host) -> None:
    host.write("/dns", "nexus.domain.org")
    host.install(ADDRESS="192.0.2.7")
    assert host.read("/etc/hosts") == "127.0.0.1 localhost\n"


def test_an_unresolved_name_gets_a_hosts_line_with_the_current_address(host: Host) -> None:
    host.install(ADDRESS="192.0.2.7")
    host.write("/dns", "nexus.domain.org")
    host.install(ADDRESS="192.0.2.8")
    assert (
        host.read("/etc/hosts") == "127.0.0.1 localhost\n192.0.2.8 nexus.domain.org # repository-store store-client\n"
    )


def test_lines_that_others_add_later_are_kept(host: Host) -> None:
    host.install(ADDRESS="192.0.2.7")
    host.write("/etc/hosts", host.read("/etc/hosts") + "192.0.2.9 other.domain.org\n")
    host.remove()
    assert host.read("/etc/hosts") == "127.0.0.1 localhost\n192.0.2.9 other.domain.org\n"


def test_a_folder_with_files_of_others_is_kept(host: Host) -> None:
    theirs = "/etc/docker/certs.d/nexus.domain.org/theirs.crt"
    host.install()
    other = {"STORE": "other-client", "HOST_NAME": "other.domain.org", "REGISTRIES": "other.domain.org"}
    host.install(**other)
    host.write(theirs, "another CA")
    host.remove()
    assert host.has("/var/lib/repository-store/folders")
    host.remove(**other)
    assert host.read(theirs) == "another CA"
    assert not host.has("/var/lib/repository-store")


def test_two_stores_are_independent(host: Host) -> None:
    before = host.files
    host.install(ADDRESS="192.0.2.7")
    other = {"STORE": "other-client", "HOST_NAME": "b.domain.org", "REGISTRIES": "b.domain.org", "ADDRESS": "192.0.2.8"}
    host.install(**other)
    host.remove()
    assert host.read("/etc/hosts") == "127.0.0.1 localhost\n192.0.2.8 b.domain.org # repository-store other-client\n"
    host.remove(**other)
    assert host.files == before


def test_a_publicly_trusted_store_needs_nothing(host: Host) -> None:
    before = host.files
    assert "publicly trusted" in host.install(CA="")
    host.remove()
    assert host.files == before
