"""The functions of the program that configures insecure registries of dockerd."""

import ast
import json
from pathlib import Path

import pytest

from components.scripts.client.insecure_registry import daemon_json
from components.scripts.client.insecure_registry.dockerd import last_start
from components.scripts.client.insecure_registry.host import Host, Refusal
from components.scripts.client.insecure_registry.kept_file import KeptFile

PROGRAM = Path(daemon_json.__file__).parent
OURS = ["store:5000", "store:5001"]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    state = tmp_path / "var/lib/repository-store/store-client"
    state.mkdir(parents=True)
    return Host(str(tmp_path), "store-client", OURS, state, tmp_path / "wanted", 1, 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", {"insecure-registries": OURS}),
        ('{"debug": true}', {"debug": True, "insecure-registries": OURS}),
        ('{"insecure-registries": ["a", "store:5001"]}', {"insecure-registries": ["a", "store:5001", "store:5000"]}),
    ],
)
def test_registries_are_added_once_and_removed_again(before: str, after: object) -> None:
    added = daemon_json.with_registries(before.encode(), OURS)
    assert json.loads(added) == after
    assert daemon_json.with_registries(added, OURS) == added
    left = daemon_json.without_registries(added, OURS)
    assert not set(OURS) & set(json.loads(left or b"{}").get("insecure-registries", []))


def test_a_file_without_other_keys_is_removed() -> None:
    added = daemon_json.with_registries(b"", OURS)
    assert daemon_json.without_registries(added, OURS) == b""
    assert json.loads(daemon_json.without_registries(added, OURS, leave_empty=True)) == {"insecure-registries": []}


def test_a_file_without_registries_stays_unchanged() -> None:
    theirs = b'{"debug":true ,\n"insecure-registries": []}'
    assert daemon_json.without_registries(theirs, OURS) == theirs


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"insecure-registries": "a"}', b"\xff"])
def test_an_invalid_daemon_json_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match=r"daemon\.json is not valid JSON \("):
        daemon_json.with_registries(content, OURS)


@pytest.mark.parametrize(
    ("units", "start"),
    [
        (
            "# /lib/docker.service\n[Service]\nExecStart=/bin/dockerd -H fd:// \\\n\t--debug\n",
            "/bin/dockerd -H fd:// --debug",
        ),
        ("# /lib/docker.service\nExecStart=/a\n# /etc/b.conf\nExecStart=\nExecStart=/b\n", "/b"),
        ("# /lib/docker.service\nExecStart=/a\n# /etc/ours.conf\nExecStart=\nExecStart=/a --ours\n", "/a"),
        ("# /lib/docker.service\n[Service]\nExecStartPre=/x\n", ""),
        ("", ""),
    ],
)
def test_the_start_command_is_the_last_one_of_others(units: str, start: str) -> None:
    assert last_start(units, "/etc/ours.conf") == start


def test_a_rollback_keeps_the_record_of_an_earlier_run(host: Host) -> None:
    file = KeptFile(host, "/etc/docker/daemon.json")
    assert file.write(b"first")
    earlier = file.earlier
    assert file.write(b"second")
    file.roll_back(earlier)
    assert file.path.read_bytes() == b"first"
    assert file.is_ours
    file.restore()
    assert not file.path.exists()


def test_a_linked_file_stays_a_link(host: Host) -> None:
    """An administrator may have moved daemon.json."""
    file = KeptFile(host, "/etc/docker/daemon.json")
    elsewhere = Path(host.root) / "elsewhere.json"
    elsewhere.write_text("theirs")
    file.path.parent.mkdir(parents=True)
    file.path.symlink_to(elsewhere)
    file.write(b"ours")
    assert elsewhere.read_text() == "ours"
    file.restore()
    assert file.path.is_symlink()
    assert elsewhere.read_text() == "theirs"


@pytest.mark.parametrize("path", sorted(PROGRAM.glob("*.py")), ids=lambda path: path.name)
def test_its_syntax_is_that_of_python_3_6(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 6))
