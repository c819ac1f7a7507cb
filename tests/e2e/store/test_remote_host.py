"""A store on another host's Docker engine, reached over real SSH; this machine's engine has nothing of it."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.store import ROOT, Failed, Store, outcome, run
from tests.support import tools
from tests.support.hosts.ssh_host import USER, SshHost
from tests.support.own_networks import OwnNetwork
from tests.support.real_clients.docker import import_image
from tests.support.real_clients.maven import Maven
from tests.support.vanishing import hosts

STACK = "e2e-remote"
KEPT = {"maintenance.window": "01:00-05:00", "maintenance.keep.docker-private.last": "1"}
NETWORK = OwnNetwork("remote")
HOST_ADDRESS = NETWORK.host(2)
CENTRAL_PORT = 8088
LISTINGS = {
    "container": ["docker", "ps", "--all", "--format", "{{.Names}}"],
    "network": ["docker", "network", "ls", "--format", "{{.Name}}"],
    "volume": ["docker", "volume", "ls", "--format", "{{.Name}}"],
    "image": ["docker", "images", "--format", "{{.Repository}}"],
}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    with (
        NETWORK.made() as bridge,
        pytest.MonkeyPatch.context() as patch,
    ):
        made = SshHost("rs-e2e-host", HOST_ADDRESS, bridge, Path(tmp_path_factory.mktemp("host")))
        try:
            made.start_docker()
            patch.setenv("PATH", str(made.ssh_on_path()), prepend=":")
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def central(host: SshHost) -> Iterator[str]:
    """The remote of maven-central, on the other host."""
    folder = str(tools.maven_plugins())
    serve = [sys.executable, "-m", "http.server", str(CENTRAL_PORT), "--directory", folder]
    process = subprocess.Popen(["ip", "netns", "exec", host.name, *serve], stderr=subprocess.DEVNULL)
    yield f"http://{HOST_ADDRESS}:{CENTRAL_PORT}/"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def remote(host: SshHost, central: str) -> Iterator[Store]:
    made = Store(STACK, "nexus.remote.test", HOST_ADDRESS)
    limit = "nexus.openFiles=4096"  # the limit of another host is unknown, and this one cannot provide 65536
    with made.running(
        f"docker.host={host.docker_host}", limit, f"repositories.maven-central.proxy.remoteUrl={central}"
    ):
        yield made


def there(host: SshHost, kind: str) -> set[str]:
    return set(run(LISTINGS[kind], DOCKER_HOST=host.docker_host).split()) - {"none", "host"}


def here(kind: str) -> set[str]:
    return {name for name in run(LISTINGS[kind]).split() if name.startswith(f"repository-store-{STACK}-")}


def test_everything_is_on_the_other_host(remote: Store, host: SshHost) -> None:
    assert there(host, "container") == {remote.container("nexus"), remote.container("nginx")}
    assert there(host, "network") == {remote.container("network")}
    assert there(host, "volume") == {remote.container("nexus-data"), remote.container("nginx-configuration")}
    assert [here(kind) for kind in ("container", "network", "volume")] == [set(), set(), set()]


def test_this_machine_pushes_and_pulls(remote: Store) -> None:
    user, password = remote.jenkins
    registry = remote.outputs["docker_registry"]
    run(["docker", "login", registry, "--username", user, "--password-stdin"], text=password)
    image = import_image(f"{registry}/team/remote:1", b"elsewhere")
    try:
        run(["docker", "push", image])
        run(["docker", "rmi", image])
        assert "Downloaded newer image" in run(["docker", "pull", image])
    finally:
        run(["docker", "rmi", image])
        run(["docker", "logout", registry])


def test_maven_on_this_machine_deploys_and_resolves(remote: Store, tmp_path: Path) -> None:
    remote.make("jenkins")
    written = ROOT / "build" / "jenkins" / remote.stack
    shutil.move(written / "settings.xml", tmp_path)
    shutil.rmtree(written)
    maven = Maven(remote.outputs["url"], tmp_path / "settings.xml", tmp_path, remote.ca)
    maven.build("library", "-Drevision=1.0", "deploy", **remote.publishing)
    assert remote.api("GET", "/v1/assets?repository=maven-releases").json()["items"]
    assert remote.api("GET", "/v1/assets?repository=maven-central").json()["items"]


def test_a_second_up_changes_nothing(remote: Store) -> None:
    code, output = remote.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_backup_and_restore_work_on_the_other_host(remote: Store, host: SshHost) -> None:
    stored = remote.api("GET", "/v1/assets?repository=maven-releases").json()["items"]
    assert stored
    backups = remote.container("backups")
    remote.configure("backup.location", backups)
    remote.configure("backup.keep", "1")
    try:
        output = remote.make("backup")
        name = output[output.rindex("FROM=") + len("FROM=") :].split()[0]
        component = remote.api("GET", "/v1/components?repository=maven-releases").json()["items"][0]["id"]
        assert remote.api("DELETE", f"/v1/components/{component}").status_code == 204
        remote.make("restore", FROM=name, YES="1")
        back = remote.api("GET", "/v1/assets?repository=maven-releases").json()["items"]
        assert [item["path"] for item in back] == [item["path"] for item in stored]
        assert backups in there(host, "volume")
        assert here("volume") == set()
    finally:
        remote.unset("backup")
        run(["docker", "volume", "rm", "--force", backups], DOCKER_HOST=host.docker_host)


def test_the_doctor_examines_the_other_host(remote: Store, host: SshHost) -> None:
    def examined() -> tuple[int, dict[str, str]]:
        code, output = outcome(["./store", "doctor", "--stack", remote.stack], cwd=ROOT)
        lines = [line for line in output.splitlines() if line[:1] in "✓✗" and line]
        return code, {re.split(r"\s{2,}", line[1:].strip())[0]: line for line in lines}

    code, rows = examined()
    assert [line for line in rows.values() if line.startswith("✗")] == []
    assert code == 0
    assert {
        "Docker engine",
        "containers",
        "certificate",
        "clock",
        "disk",
        "memory",
        "open files",
        "drift",
    } <= rows.keys()
    assert "of 4096 open" in rows["open files"]
    assert not any(row.startswith("port ") for row in rows)  # whether the ports are free there is unknown
    run(["docker", "stop", remote.container("nginx")], DOCKER_HOST=host.docker_host)
    code, rows = examined()
    assert code == 1
    assert f"{remote.container('nginx')} is exited" in rows["containers"]
    run(["docker", "start", remote.container("nginx")], DOCKER_HOST=host.docker_host)
    remote.make("up")  # waits until the store answers


def test_tags_that_containers_of_the_other_host_use_are_kept(remote: Store, host: SshHost) -> None:
    user, password = remote.jenkins
    registry = remote.outputs["docker_registry"]
    images = [f"{registry}/team/kept:{number}" for number in range(1, 4)]
    run(["docker", "login", registry, "--username", user, "--password-stdin"], text=password)
    used = [remote.secret("nginx.image"), images[0]]
    for key, value in KEPT.items():
        remote.configure(key, value)
    try:
        for number, image in enumerate(images):
            import_image(image, f"{number}".encode())
            run(["docker", "push", image])
        run(["docker", "tag", *used], DOCKER_HOST=host.docker_host)
        run(["docker", "create", "--name", "uses-a-tag", images[0]], DOCKER_HOST=host.docker_host)
        remote.make("up")
        assert "docker-private: 1 versions are older than the last 1 of each component" in remote.make("storage")
        remote.make("storage", CLEAN="1", YES="1")
        listed = remote.api("GET", "/v1/components?repository=docker-private").json()["items"]
        assert sorted(each["version"] for each in listed if each["name"] == "team/kept") == ["1", "3"]
    finally:
        run(["docker", "rm", "--force", "uses-a-tag"], DOCKER_HOST=host.docker_host)
        run(["docker", "rmi", images[0]], DOCKER_HOST=host.docker_host)
        run(["docker", "rmi", *images])
        run(["docker", "logout", registry])
        remote.unset("maintenance")


def test_the_audit_log_of_the_other_host_is_shown(remote: Store) -> None:
    output = remote.make("audit", ABOUT="repository", USER_IS="admin")
    assert "repository created maven-releases" in output


def test_a_lost_container_is_recreated(remote: Store, host: SshHost) -> None:
    run(["docker", "rm", "--force", remote.container("nginx")], DOCKER_HOST=host.docker_host)
    remote.make("up")
    assert remote.container("nginx") in there(host, "container")
    assert remote.api("GET", "/v1/status").ok


def test_the_last_log_lines_of_a_failing_container_are_shown(remote: Store, host: SshHost) -> None:
    image = "repository-store/no-nexus:99.0.0"
    run(["docker", "tag", remote.secret("nginx.image"), image], DOCKER_HOST=host.docker_host)
    remote.configure("nexus.image", image)
    code, output = remote.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert code != 0
    assert f"Nexus in {remote.container('nexus')} does not stay up" in output, output
    assert "Permission denied" in output  # nginx cannot write as Nexus's user
    remote.make("up")
    run(["docker", "rmi", image], DOCKER_HOST=host.docker_host)


def test_a_host_that_does_not_answer_is_reported_within_a_time_limit(
    remote: Store, host: SshHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDS_TO_ANSWER", "3")
    kept = remote.file.read_text()
    with socket.create_server((NETWORK.address, 0)) as silent:
        port = silent.getsockname()[1]
        target = f"ssh://{USER}@{NETWORK.address}:{port}"
        remote.configure("docker.host", target)
        begin = time.monotonic()
        try:
            code, output = remote.preview()
            with pytest.raises(Failed, match=r"docker\.host: no answer within 3 s"):
                remote.make("down", YES="1")
        finally:
            remote.file.write_text(kept)
    assert time.monotonic() - begin < 60
    assert code != 0
    line = f"docker.host: no answer within 3 s (got {target}; allowed "
    assert line in output
    assert f"Fix: make this work: ssh -p {port} {USER}@{NETWORK.address} docker version" in output
    assert "Traceback" not in output


def test_down_leaves_nothing_on_the_other_host(remote: Store, host: SshHost) -> None:
    remote.make("down", YES="1")
    assert [there(host, kind) for kind in LISTINGS] == [set(), set(), set(), set()]
    assert [here(kind) for kind in ("container", "network", "volume")] == [set(), set(), set()]
    assert not any(remote.hostname in line for line in hosts())
