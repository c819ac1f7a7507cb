"""An external Nexus is configured by the same commands, without any Docker engine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from stacks import images
from tests.e2e.store.store import ROOT, Failed, Store, outcome, run
from tests.integration.provider.play import FIRST, Play
from tests.integration.provider.tls import HOSTNAME
from tests.support import tools
from tests.support.ports import free_port
from tests.support.vanishing import hosts

STACK = "e2e-existing"
NO_ENGINE = "tcp://127.0.0.1:1"
REPOSITORIES = {
    "blobStores.ours.onDelete": "keep",
    "repositories.ours.format": "raw",
    "repositories.ours.type": "hosted",
    "repositories.ours.storage.blobStoreName": "ours",
    "repositories.images.format": "docker",
    "repositories.images.type": "hosted",
    "blobStores.images.onDelete": "keep",
    "repositories.images.storage.blobStoreName": "images",
}
CONTRADICTIONS = {
    "nginx.httpsPort": "8443",
    "docker.host": "ssh://deploy@nexus.domain.org",
    "tls.validityDays": "90",
    "nexus.image": images.NEXUS,
    "backup.keep": "3",
}


@dataclass(frozen=True)
class Theirs:
    """The external server with its existing objects, and the address of its docker repository."""

    play: Play
    connector: int
    registry: str

    def repositories(self) -> set[str]:
        return {entry["name"] for entry in self.play.ask("GET", "/v1/repositories", password=FIRST).json()}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theirs]:
    folder = tmp_path_factory.mktemp("theirs")
    play = Play(folder, tools.stand_in(), Path())
    play.start()
    connector, port = free_port(), free_port()
    front = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.provider.tls", str(folder), str(port), str(connector)], cwd=ROOT
    )
    store = {"path": "theirs", "name": "theirs"}
    assert play.ask("POST", "/v1/blobstores/file", store, password=FIRST).ok
    storage = {"blobStoreName": "theirs", "strictContentTypeValidation": True, "writePolicy": "ALLOW"}
    raw = {"name": "theirs", "online": True, "storage": storage}
    assert play.ask("POST", "/v1/repositories/raw/hosted", raw, password=FIRST).ok
    try:
        yield Theirs(play, connector, f"{HOSTNAME}:{port}")
    finally:
        front.terminate()
        front.wait()
        play.stop()


@pytest.fixture(scope="module")
def configured(theirs: Theirs) -> Iterator[Store]:
    made = Store(STACK, HOSTNAME, "127.0.0.1")
    authority = ROOT / "stacks" / f"{STACK}-ca.pem"
    authority.write_text((theirs.play.folder / "ca.pem").read_text())
    settings = {
        "nexus.url": f"https://{HOSTNAME}:{theirs.play.port}",
        "nexus.kind": "stand-in",
        "nexus.caBundle": authority.name,
        "nexus.dockerPushRegistry": theirs.registry,
        "address": "127.0.0.1",
        **REPOSITORIES,
        "repositories.images.docker.httpPort": str(theirs.connector),
        "clients.here.systemStore": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", NO_ENGINE)
        pairs = " ".join(f"{key}={value}" for key, value in settings.items())
        run(["make", "new-stack", f"NAME={STACK}", f"SET={pairs}"])
        made.configure_secret("passwords.admin", FIRST)
        try:
            yield made
        finally:
            made.configure("allowDataLoss[0]", "ours")
            made.make("up")
            made.make("down")
            made.forget()
            authority.unlink()


@pytest.fixture(scope="module")
def first_preview(configured: Store) -> str:
    """With a repository that the stack takes over, which is not declared any more afterwards."""
    for key, value in {"format": "raw", "type": "hosted", "adopt": "true"}.items():
        configured.configure(f"repositories.theirs.{key}", value)
    return outcome(["make", "preview", f"STACK={STACK}"], cwd=configured.root)[1]  # policies refuse two blob stores


@pytest.fixture(scope="module")
def existing(configured: Store, first_preview: str) -> Store:
    configured.unset("repositories.theirs")
    configured.make("up")
    return configured


def test_the_first_preview_says_what_is_adopted_and_what_is_not_declared(first_preview: str) -> None:
    assert "adopt Repository theirs\n" in first_preview
    assert "create Repository images, ours\n" in first_preview
    assert f"not declared: 1 blob store, 4 repositories; ./store report --stack {STACK} lists them\n" in first_preview


def test_the_report_prints_what_takes_an_object_over(existing: Store) -> None:
    listed = outcome(["make", "preview", f"STACK={STACK}"], cwd=existing.root)[1]
    assert "not declared: 1 blob store, 5 repositories; " in listed
    printed = existing.make("report", KEYS="repositories.the* blobStores.*", YAML="1")
    assert "repositories:\n  theirs:\n" in printed
    assert "blobStores:\n  theirs:\n" in printed
    assert "maven" not in printed


def test_the_outputs_have_the_addresses_of_the_external_server(existing: Store, theirs: Theirs) -> None:
    values = existing.outputs
    assert values["url"] == f"https://{HOSTNAME}:{theirs.play.port}"
    assert values["docker_registry"] == values["docker_pull_registry"] == theirs.registry
    assert values["repositories"]["ours"]["url"] == f"{values['url']}/repository/ours/"
    assert "BEGIN CERTIFICATE" in values["ca_certificate_pem"]
    assert existing.api("GET", "/v1/repositories/raw/hosted/ours").ok


def test_no_container_certificate_or_password_is_made(existing: Store) -> None:
    code, exported = existing.pulumi("stack", "export")
    assert code == 0
    types = {resource["type"] for resource in json.loads(exported)["deployment"]["resources"]}
    assert not [kind for kind in types if kind.startswith(("docker:", "tls:", "pulumi:providers:docker"))]
    assert not [kind for kind in types if kind.endswith((":Password", ":Realms", ":AnonymousAccess"))]


def test_a_second_up_changes_nothing(existing: Store) -> None:
    code, output = existing.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_a_change_by_hand_is_drift_and_restored_by_up(existing: Store) -> None:
    path = "/v1/repositories/raw/hosted/ours"
    existing.api("PUT", path, json={**existing.api("GET", path).json(), "online": False}).raise_for_status()
    code, output = existing.preview("--refresh", "--expect-no-changes")
    assert code != 0, output
    existing.make("up")
    assert existing.api("GET", path).json()["online"] is True


def test_a_preview_without_the_server_has_to_be_asked_for(existing: Store, theirs: Theirs) -> None:
    theirs.play.stop()
    try:
        with pytest.raises(Failed, match=r"it is not known what is on the server .* does not answer"):
            existing.make("preview")
        assert "the server is not asked: " in existing.make("preview", WITHOUT_SERVER="1")
    finally:
        theirs.play.start()


def test_a_client_trusts_the_registry_of_the_stack_file(existing: Store, theirs: Theirs, tmp_path: Path) -> None:
    trusted = list(Path("/etc/docker/certs.d", theirs.registry).glob("*.crt"))
    assert any("client" in file.name for file in trusted)
    login = ["docker", "login", theirs.registry, "--username", "admin", "--password-stdin"]
    output = run(login, text=FIRST, DOCKER_HOST="", DOCKER_CONFIG=str(tmp_path))
    assert "Login Succeeded" in output


def test_each_setting_for_containers_is_refused_in_one_line(existing: Store) -> None:
    kept = existing.file.read_text()
    try:
        for key, value in CONTRADICTIONS.items():
            existing.configure(key, value)
        code, output = existing.preview()
    finally:
        existing.file.write_text(kept)
    assert code != 0
    for key in CONTRADICTIONS:
        assert f"{key}: not applicable with nexus.url" in output
    assert "Traceback" not in output


def test_content_needs_allow_data_loss_and_objects_of_others_stay(existing: Store, theirs: Theirs) -> None:
    url = existing.outputs["repositories"]["ours"]["url"]
    requests.put(
        f"{url}file", data=b"kept", auth=existing.admin, verify=str(existing.ca), timeout=30
    ).raise_for_status()
    with pytest.raises(Failed, match="ours holds content and would be removed"):
        existing.make("down")
    existing.configure("allowDataLoss[0]", "ours")
    existing.make("up")
    existing.make("down")
    assert theirs.repositories() == {"theirs", "maven-central", "maven-public", "maven-releases", "maven-snapshots"}
    assert not list(Path("/etc/docker/certs.d").glob(f"{HOSTNAME}*/*.crt"))
    assert not any(line.endswith(f"repository-store {STACK}") for line in hosts())
