"""Commands read a stack file with the program's models, without Pulumi and without its passphrase."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from stacks.stack_file import StackFile
from tests.unit.stacks.mistakes.refused import RIGHT, STACKS

SECTIONS = ("nexus", "nginx", "backup", "maintenance", "monitoring", "unmanaged")
SEALED = {"secure": "v1:AAAAAAAAAAAAAAAA:AAAA"}


def reading(folder: Path, **settings: Any) -> StackFile:
    file = folder / "Pulumi.trial.yaml"
    file.write_text(json.dumps({"config": {f"repository-store:{key}": value for key, value in settings.items()}}))
    return StackFile(file, Refusal)


def test_without_a_file_each_setting_has_the_programs_default(tmp_path: Path) -> None:
    found = StackFile(tmp_path / "none", Refusal)
    right = Settings.of(RIGHT, STACKS)
    assert {name: getattr(found, name) for name in SECTIONS} == {name: getattr(right, name) for name in SECTIONS}
    assert (found.protect, found.address, found.docker_host) == (right.protect, "", right.docker.host)
    assert found.kept_volumes == right.retain
    assert not found.is_external
    assert found.certificate_roles == ()


def test_the_settings_are_those_of_the_program(tmp_path: Path) -> None:
    given = {
        "nginx": {
            "bindAddress": ["0.0.0.0", "::"],
            "httpsPort": 8443,
            "accessLog": "json",
            "blobCache": {"maxSize": "9g"},
        },
        "nexus": {"image": "sonatype/nexus3:3.90.1", "readyTimeoutSeconds": 900},
        "backup": {"location": "/srv/backups", "keep": 3},
        "maintenance": {"window": "01:00-05:00", "keep": {"docker-private": {"last": 20}}},
        "monitoring": {"scrapeFrom": ["10.0.0.0/8"]},
        "unmanaged": {"users": ["ci-*"]},
        "protect": "true",
        "retain": ["nexus-data"],
        "address": "10.0.0.5",
        "docker": {"host": "ssh://deploy@nexus.domain.org"},
    }
    found = reading(tmp_path, **given)
    passwords = {**RIGHT["passwords"], "metrics": "the-metrics-secret"}
    right = Settings.of({**RIGHT, **given, "passwords": passwords}, STACKS)
    nginx = right.nginx.model_copy(update={"metrics_allowed_from": ()})  # the program adds those of `monitoring`
    assert found.nginx == nginx
    for name in SECTIONS:
        assert name == "nginx" or getattr(found, name) == getattr(right, name)
    assert (found.protect, found.address) == (right.protect, str(right.address))
    assert (found.kept_volumes, found.docker_host) == (right.retain, right.docker.host)


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("", 443),
        ("config:", 443),
        ("[]", 443),
        ("config: [a]", 443),
        ("config: {nginx: {httpsPort: 8443}}", 443),
        ("config: {'other:nginx': {httpsPort: 8443}}", 443),
        ("config: {'repository-store:nginx': }", 443),
        ("config: {'repository-store:nginx': ''}", 443),
        ("config: {'repository-store:nginx': {httpsPort: 8443, unknown: 1}}", 8443),
        ("""config: {'repository-store:nginx': '{"httpsPort": 8443}'}""", 8443),
    ],
)
def test_only_the_projects_own_keys_count(text: str, port: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(text)
    assert StackFile(tmp_path / "file", Refusal).nginx.https_port == port


Read = Callable[[StackFile], object]
NEXUS = {"database": {"host": "db.domain.org", "password": SEALED}, "encryptionKeys": [{"id": "a", "key": SEALED}]}


def test_what_is_encrypted_stays_so_and_hides_nothing_else(tmp_path: Path) -> None:
    found = reading(tmp_path, nexus={**NEXUS, "readyTimeoutSeconds": 900}, nginx={"contact": SEALED, "httpPort": 8080})
    assert found.nexus.ready_timeout_seconds == 900
    assert found.nexus.database
    assert found.nexus.database.host == "db.domain.org"
    assert found.nginx.http_port == 8080
    reads: dict[str, Read] = {
        "nexus.database.password": lambda file: file.nexus.database and file.nexus.database.password,
        "nexus.encryptionKeys": lambda file: file.nexus.encryption_keys,
        "nginx.contact": lambda file: file.nginx.contact,
    }
    for key, read in reads.items():
        with pytest.raises(Refusal) as refused:
            read(found)
        assert str(refused.value).startswith(f"{key}: it is encrypted, and this command")
        assert "AAAA" not in str(refused.value)
    sealed = reading(tmp_path, nginx=SEALED, protect=SEALED, backup=SEALED)
    for read in (lambda file: file.nginx, lambda file: file.protect, lambda file: file.backup):
        with pytest.raises(Refusal, match="it is encrypted"):
            read(sealed)


def test_a_mistake_is_refused_when_it_is_read(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        nginx={"httpsPort": 99999, "httpPort": 8080, "clientMaxBodySize": "huge", "rateLimit": {"unknown": 1}},
        backup={"location": "/srv/backups"},
        tls={"mode": "none"},
        retain=["nexus-data", "unknown"],
        protect="yes",
        monitoring="on",
    )
    assert found.nginx.http_port == 8080
    assert found.backup
    assert found.backup.location == "/srv/backups"
    assert found.kept_volumes == {"nexus-data"}
    assert found.certificate_roles == ()
    reads: dict[str, Read] = {
        "nginx.httpsPort: invalid value (got 99999; allowed ": lambda file: file.nginx.https_port,
        "nginx.rateLimit.unknown: unknown key (allowed the keys requestsPerDay, ": lambda file: file.nginx.rate_limit,
        "backup.keep: missing (allowed a whole number from 1 ": lambda file: file.backup and file.backup.keep,
        "protect: invalid value (got 'yes'; allowed true or false). Fix: ": lambda file: file.protect,
        "monitoring: invalid value (got a text; allowed a mapping": lambda file: file.monitoring,
    }
    for start, read in reads.items():
        with pytest.raises(Refusal) as refused:
            read(found)
        assert str(refused.value).startswith(start)
    with pytest.raises(AttributeError):
        _ = found.nginx.unknown  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "docker", [{"host": "http://x"}, {"host": 5}, {"hots": "unix:///x"}, {"host": "ssh://-F"}, "ssh://x", SEALED]
)
def test_a_wrong_engine_is_not_taken_for_the_usual_one(docker: object, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"^docker"):
        _ = reading(tmp_path, docker=docker).docker_host


def test_a_file_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("config:\n  a: b: c\n")
    with pytest.raises(Refusal, match=rf"^{tmp_path.name}/file \(line 2\): it is not YAML \("):
        _ = StackFile(tmp_path / "file", Refusal).address
