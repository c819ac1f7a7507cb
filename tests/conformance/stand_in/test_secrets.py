"""Stored secrets: encrypted in the data directory with the key of the key file, and masked in answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexus.model import PLACEHOLDER
from tests.conformance.contract.stand_in import Server, running
from tests.support.versions import NEWEST

SECRET, PASSWORD = "hmac-key-of-the-webhook", "password-of-the-mail-server"
HOOK = {
    "type": "webhook.global",
    "enabled": True,
    "properties": {"names": "repository", "url": "https://hook.test", "secret": SECRET, "proxyPassword": PASSWORD},
}


@pytest.fixture
def keyed(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    keys = [{"id": name, "key": f"{name}-0123456789abcdef"} for name in ("first", "second")]
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"active": "first", "keys": keys}))
    monkeypatch.setenv("NEXUS_SECRETS_KEY_FILE", str(file))
    with running(program, tmp_path / "server", NEWEST) as started:
        yield started


def check(server: Server, name: str) -> tuple[bool, str]:
    found = server.rest("GET", "status/check").json()[name]
    return found["healthy"], found["message"]


def test_a_secret_is_encrypted_in_the_data_directory(keyed: Server) -> None:
    mail = {"enabled": False, "host": "mail.test", "port": 25, "password": PASSWORD, "fromAddress": "a@domain.org"}
    assert keyed.rest("PUT", "email", json=mail).status_code == 204
    file = (keyed.data / "db" / "nexus.db").read_bytes()
    assert b"mail.test" in file
    assert PASSWORD.encode() not in file
    assert check(keyed, "Default Secret Encryption Key") == (
        True,
        "Nexus was configured to use first to encrypt secrets.",
    )


def test_re_encryption_uses_the_key(keyed: Server) -> None:
    assert keyed.rest("PUT", "secrets/encryption/re-encrypt", json={"secretKeyId": "second"}).status_code == 202
    assert "to use second to encrypt" in check(keyed, "Default Secret Encryption Key")[1]


@pytest.mark.parametrize("generation", [NEWEST, "3.90"])
def test_a_webhook_does_not_show_its_secret(program: Path, tmp_path: Path, generation: str) -> None:
    with running(program, tmp_path, generation) as server:
        made: dict[str, Any] = server.rest("POST", "capabilities", json=HOOK).json()
        assert made["properties"] == {**HOOK["properties"], "secret": PLACEHOLDER, "proxyPassword": PLACEHOLDER}  # type: ignore[dict-item]
        body = {key: made[key] for key in ("id", "type", "notes", "enabled", "properties")}
        body["properties"] = {**made["properties"], "url": "https://other.test"}
        assert server.rest("PUT", f"capabilities/{made['id']}", json=body).ok
        assert SECRET.encode() not in (server.data / "db" / "nexus.db").read_bytes()
        listed = {each["id"]: each for each in server.rest("GET", "capabilities").json()}[made["id"]]
        assert listed["properties"] == body["properties"]
