"""Changes on this machine that need root: root makes them once, other users get the commands once."""

from pathlib import Path

import pytest

from cli.commands.trust import trust_this_machine
from cli.errors import CommandError
from cli.stack import trust
from cli.stack.stack import Stack
from cli.stack.trust import Reach

CA = "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----"
OUTPUTS = {
    "url": "https://nexus.trial.test:8443",
    "docker_registry": "nexus.trial.test:8443",
    "docker_push_registry": "nexus.trial.test:8443",
    "docker_pull_registry": "",
    "ca_certificate_pem": f"{CA}\n",
}


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary /etc."""
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n198.18.0.9 nexus.other.test # repository-store other\n")
    monkeypatch.setattr(trust, "HOSTS", tmp_path / "hosts")
    monkeypatch.setattr(trust, "DOCKER_TRUST", tmp_path / "certs.d")
    monkeypatch.setattr(trust, "LOCAL", tmp_path / ".local")
    return tmp_path


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    (tmp_path / "Pulumi.trial.yaml").write_text("config: {'repository-store:address': 198.18.0.1}")
    return Stack("trial", tmp_path / "Pulumi.trial.yaml")


def test_missing_parts_are_named_until_they_are_done(etc: Path, stack: Stack) -> None:
    reach = Reach.of(stack, OUTPUTS)
    assert reach.missing(stack) == [
        f"nexus.trial.test in {etc / 'hosts'}",
        f"nexus.trial.test:8443 in {etc / 'certs.d'}",
    ]
    reach.apply(stack)
    assert reach.missing(stack) == []
    assert (etc / "hosts").read_text() == (
        "127.0.0.1 localhost\n198.18.0.9 nexus.other.test # repository-store other\n"
        "198.18.0.1 nexus.trial.test # repository-store trial\n"
    )
    assert (etc / "certs.d/nexus.trial.test:8443/repository-store-trial.crt").read_text() == f"{CA}\n"


@pytest.mark.parametrize(
    ("version", "is_told"), [("20.10.24+dfsg1, build 297e128", True), ("23.0.1, build a5ee5b1", False), ("", False)]
)
def test_users_of_an_older_docker_get_the_change_that_builds_need(
    etc: Path, stack: Stack, monkeypatch: pytest.MonkeyPatch, version: str, *, is_told: bool
) -> None:
    (etc / "docker").write_text(f"#!/bin/sh\necho 'Docker version {version}'\n")
    (etc / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(etc), prepend=":")
    file = etc / "certs.d/nexus.trial.test:8443/repository-store-trial.crt"
    hint = Reach.of(stack, OUTPUTS).hint_for_builds(stack)
    assert ("docker 20.10.24+dfsg1 builds on the store's images" in hint) == is_told
    assert (f"`export SSL_CERT_FILE={file}`" in hint) == is_told
    assert not Reach.of(stack, OUTPUTS | {"ca_certificate_pem": ""}).hint_for_builds(stack)


def test_a_changed_address_replaces_the_old_line(etc: Path, stack: Stack) -> None:
    Reach("nexus.trial.test", "198.18.0.2", (), "").apply(stack)
    Reach.of(stack, OUTPUTS).apply(stack)
    assert "198.18.0.2" not in (etc / "hosts").read_text()
    assert len((etc / "hosts").read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ({"docker_registry": "nexus.trial.test:9443", "docker_push_registry": ""}, ["nexus.trial.test:8443"]),
        ({"docker_registry": "nexus.new.test:8443", "docker_push_registry": ""}, ["nexus.trial.test:8443"]),
        ({"ca_certificate_pem": ""}, ["nexus.trial.test:8443"]),
        ({"docker_push_registry": "nexus.trial.test:5000"}, []),
    ],
    ids=["port", "name", "a public certificate", "one more"],
)
def test_leftovers_of_a_previous_name_or_port_are_named_and_removed(
    changed: dict[str, str], stale: list[str], etc: Path, stack: Stack, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    Reach.of(stack, OUTPUTS).apply(stack)
    now = Reach.of(stack, OUTPUTS | changed)
    assert now.stale(stack) == [f"{name} in {etc / 'certs.d'}" for name in stale]
    monkeypatch.setattr(trust, "may_write", lambda: False)
    trust_this_machine(stack, OUTPUTS | changed)
    assert ("left from an earlier name, port or address: " in capsys.readouterr().err) is bool(stale)
    monkeypatch.setattr(trust, "may_write", lambda: True)
    trust_this_machine(stack, OUTPUTS | changed)
    assert (now.stale(stack), now.missing(stack)) == ([], [])
    assert not any((etc / "certs.d" / name).exists() for name in stale)


def test_a_hosts_line_is_removed_if_dns_resolves_the_name(etc: Path, stack: Stack) -> None:
    Reach.of(stack, OUTPUTS).apply(stack)
    by_dns = Reach("nexus.trial.test", "", (), "")
    assert by_dns.stale(stack)[0] == f"a line for the store in {etc / 'hosts'}"
    by_dns.apply(stack)
    assert by_dns.stale(stack) == []
    assert "nexus.trial.test" not in (etc / "hosts").read_text()
    assert "nexus.other.test" in (etc / "hosts").read_text()


def test_removal_keeps_the_lines_of_others(etc: Path, stack: Stack) -> None:
    before = (etc / "hosts").read_text()
    Reach.of(stack, OUTPUTS).apply(stack)
    (etc / "certs.d/nexus.trial.test:8443/other.crt").write_text(CA)
    assert len(trust.left(stack)) == 2
    trust.remove(stack)
    assert trust.left(stack) == []
    assert (etc / "hosts").read_text() == before
    assert (etc / "certs.d/nexus.trial.test:8443/other.crt").exists()


def test_root_can_use_the_record_of_an_up_without_pulumi(etc: Path, stack: Stack) -> None:
    assert Reach.recorded(stack) is None
    reach = Reach.of(stack, OUTPUTS)
    reach.note(stack)
    assert Reach.recorded(stack) == reach


@pytest.mark.parametrize(
    "reach",
    [
        Reach("nexus.trial.test evil.test", "198.18.0.1", (), ""),
        Reach("nexus.trial.test", "198.18.0.1 bank.test\n1.1.1.1", (), ""),
        Reach("nexus.trial.test", "", ("../../cron.d",), CA),
        Reach("nexus.trial.test", "", (), "* * * * * root sh"),
    ],
    ids=["host", "address", "registry", "certificate"],
)
def test_root_writes_only_valid_names_and_certificates(reach: Reach, etc: Path, stack: Stack) -> None:
    with pytest.raises(CommandError):
        reach.note(stack)
