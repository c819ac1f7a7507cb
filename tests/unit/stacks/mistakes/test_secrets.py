"""Secrets are not shown, wherever they are in the stack file."""

from typing import Any

import pytest

from stacks.settings import Settings
from tests.unit.stacks.mistakes.refused import RIGHT, STACKS, refused

SECRET = "hunter2"
KEY = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"
MISPLACED: dict[str, dict[str, Any]] = {
    "clients as a list": {"clients": [{"name": "node", "ssh": {"privateKey": KEY}}]},
    "a jump host that leads nowhere": {"clients": {"node": {"jumpHost": {"host": "gate", "privateKey": KEY}}}},
    "a key for a host": {"clients": {"node": {"ssh": KEY}}},
    "a database as a list": {"nexus": {"database": [{"host": "postgres.domain.org", "password": SECRET}]}},
    "a purged bucket": {
        "blobStores": {
            "s3": {
                "type": "s3",
                "onDelete": "purge",
                "bucketConfiguration": {"bucketSecurity": {"secretAccessKey": SECRET}},
            }
        }
    },
    "blob stores as a list": {"blobStores": [{"bucketConfiguration": {"bucketSecurity": {"secretAccessKey": SECRET}}}]},
    "an account as its key": {"tls": {"mode": "acme", "email": "ops@domain.org", "eab": [{"hmac": SECRET}]}},
    "an account as its key alone": {"tls": {"mode": "acme", "email": "ops@domain.org", "eab": SECRET}},
    "an encryption key that is too short": {"nexus": {"encryptionKeys": [{"id": "first", "key": SECRET}]}},
    "a database as its password": {"nexus": {"database": SECRET}},
    "a mode that is none": {"tls": {"mode": {"password": SECRET}}},
    "passwords as a list": {"passwords": [SECRET]},
    "a URL with a password": {"docker": {"host": f"https://admin:{SECRET}@docker.domain.org"}},
}


@pytest.mark.parametrize("mistake", MISPLACED)
def test_a_secret_in_the_wrong_place_is_not_shown(mistake: str) -> None:
    message = str(refused(MISPLACED[mistake]))
    assert "allowed " in message
    assert SECRET not in message


def test_a_password_of_the_wrong_type_is_not_shown() -> None:
    refusal = refused({"passwords": {"admin": ["hunter2"], "jenkins": "x"}})
    assert "passwords.admin: invalid value (got ***" in str(refusal)
    assert "hunter2" not in str(refusal)


def test_the_name_of_an_encryption_key_is_shown() -> None:
    message = str(refused({"nexus": {"encryptionKeys": [{"id": "a b", "key": "0123456789abcdef"}]}}))
    assert "nexus.encryptionKeys[0].id: invalid value (got 'a b'" in message


def test_the_repr_of_the_settings_has_no_secret() -> None:
    text = repr(Settings.of(RIGHT, STACKS))
    assert "the-admin-secret" not in text
    assert "the-jenkins-secret" not in text
