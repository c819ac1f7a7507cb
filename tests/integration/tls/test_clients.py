"""Clients configured over real SSH, on a host with its own dockerd: they work, and removal restores every file."""

from collections.abc import Iterator

import pytest

from tests.e2e.store.store import Failed, Store
from tests.integration.tls.conftest import NETWORK
from tests.support.hosts.ssh_host import PORT, USER, SshHost

DAEMON_JSON = '{\n    "log-driver": "json-file", "max-concurrent-uploads": 3 }\n'


@pytest.fixture(scope="module")
def before(host: SshHost) -> dict[str, str]:
    """The host's files before the first client, with an existing daemon.json."""
    host.run("sudo -n sh -c 'mkdir -p /etc/docker && cat >/etc/docker/daemon.json'", text=DAEMON_JSON)
    host.start_docker()
    return host.files


@pytest.fixture(scope="module")
def node(store: Store, host: SshHost, before: dict[str, str]) -> Iterator[str]:
    name = "clients.node"
    connect(store, name, host)
    store.configure(f"{name}.login.user", "jenkins")
    store.make("up")
    yield name
    store.unset("clients")
    store.make("up")


def connect(store: Store, name: str, node: SshHost, **changes: str) -> None:
    settings = {"host": node.address, "port": str(PORT), "user": USER, "hostKey": node.host_key, **changes}
    for key, value in settings.items():
        store.configure(f"{name}.ssh.{key}", value)
    store.configure_secret(f"{name}.ssh.privateKey", node.client_key)
    store.configure(f"{name}.sudo", "true")


def push_and_pull(host: SshHost, store: Store, tag: str) -> None:
    image = f"{store.outputs['docker_registry']}/team/client:{tag}"
    host.run(f"echo {tag} >/tmp/{tag} && tar -C /tmp -c {tag} | sudo -n docker import - {image}")
    docker = f"sudo -n docker --config /home/{USER}/.docker"
    host.run(f"{docker} push {image} && sudo -n docker rmi {image} && {docker} pull {image}")


def test_push_and_pull_work_without_a_restart_of_dockerd(node: str, host: SshHost, store: Store) -> None:
    started = host.docker_started
    push_and_pull(host, store, "trusted")
    assert host.docker_started == started
    assert host.run("cat /etc/docker/daemon.json") == DAEMON_JSON
    assert host.run("stat -c '%a %U' ~/.docker/config.json").split() == ["600", USER]
    assert host.run("curl -sS -o /dev/null -w '%{http_code}' " + store.outputs["url"]) == "200"


def test_no_secret_is_in_the_output_or_the_state(node: str, host: SshHost, store: Store) -> None:
    password = store.jenkins[1]
    output = store.make("up")
    assert password not in output
    assert host.client_key.splitlines()[1] not in output
    code, exported = store.pulumi("stack", "export")
    assert code == 0
    assert password not in exported


def test_a_second_up_changes_nothing(node: str, store: Store) -> None:
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_insecure_registry_in_daemon_json_is_loaded_without_a_restart(node: str, host: SshHost, store: Store) -> None:
    started = host.docker_started
    store.configure(f"{node}.insecureRegistry", "daemonJson")
    store.make("up")
    assert store.hostname in host.run("sudo -n docker info --format '{{json .RegistryConfig.IndexConfigs}}'")
    assert "max-concurrent-uploads" in host.run("cat /etc/docker/daemon.json")
    assert host.docker_started == started
    push_and_pull(host, store, "insecure-json")


def test_insecure_registry_in_a_drop_in_replaces_daemon_json(node: str, host: SshHost, store: Store) -> None:
    started = host.docker_started
    store.configure(f"{node}.insecureRegistry", "systemdDropIn")
    store.make("up")
    assert host.run("cat /etc/docker/daemon.json") == DAEMON_JSON
    assert f"--insecure-registry={store.hostname}" in host.run(
        "sudo -n cat /proc/$(cat /run/docker.pid)/cmdline | tr '\\0' ' '"
    )
    assert host.docker_started != started
    push_and_pull(host, store, "insecure-flag")


def test_a_broken_daemon_json_of_others_is_restored_and_fails_the_up(node: str, host: SshHost, store: Store) -> None:
    store.unset(f"{node}.insecureRegistry")
    store.make("up")
    started = host.docker_started
    # dockerd does not start with such a file, but it is still running.
    host.run("sudo -n sh -c 'cat >/etc/docker/daemon.json'", text='{"no-such-key": true}')
    store.configure(f"{node}.insecureRegistry", "daemonJson")
    try:
        with pytest.raises(Failed) as failed:
            store.make("up")
    finally:
        found = host.run("cat /etc/docker/daemon.json")
        host.run("sudo -n sh -c 'cat >/etc/docker/daemon.json'", text=DAEMON_JSON)
        store.unset(f"{node}.insecureRegistry")
    assert "the previous file is restored" in str(failed.value)
    assert found == '{"no-such-key": true}'
    assert host.docker_started == started
    store.make("up")


def test_a_host_that_is_down_is_named_and_the_others_are_updated(node: str, host: SshHost, store: Store) -> None:
    connect(store, "clients.absent", host, host=NETWORK.host(9))
    store.configure(f"{node}.address", NETWORK.address)
    store.configure(f"{node}.systemStore", "false")
    try:
        with pytest.raises(Failed) as failed:
            store.make("up")
    finally:
        store.unset("clients.absent")
        store.unset(f"{node}.address")
    assert "client-absent" in str(failed.value)
    assert f"{NETWORK.host(9)}:2222" in str(failed.value)
    assert host.ssh("ls /usr/local/share/ca-certificates/repository-store-tls-client.crt")[0] != 0
    store.unset(f"{node}.systemStore")
    store.make("up")


def test_a_host_with_another_key_is_refused(node: str, host: SshHost, store: Store) -> None:
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    connect(store, "clients.other", host, hostKey=other)
    try:
        with pytest.raises(Failed, match="host key mismatch"):
            store.make("up")
    finally:
        store.unset("clients.other")
    store.make("up")


def test_a_jump_host_reaches_a_host_behind_it(node: str, host: SshHost, store: Store) -> None:
    connect(store, node, host, host="127.0.0.1")
    for key, value in {"host": host.address, "port": str(PORT), "user": USER, "hostKey": host.host_key}.items():
        store.configure(f"{node}.jumpHost.{key}", value)
    store.configure_secret(f"{node}.jumpHost.privateKey", host.client_key)
    try:
        store.make("up")
    finally:
        store.unset(f"{node}.jumpHost")
        connect(store, node, host)
    store.make("up")


@pytest.mark.last
def test_removal_restores_every_file(node: str, host: SshHost, store: Store, before: dict[str, str]) -> None:
    assert host.files != before
    store.unset("clients")
    store.make("up")
    after = host.files
    assert {name: after.get(name) for name in after | before if after.get(name) != before.get(name)} == {}
