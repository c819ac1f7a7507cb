"""A secret that cannot be decrypted is named by its key, which Pulumi's own error does not do."""

import base64
import hashlib
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cli.stack.decryption import undecrypted
from cli.stack.stack import Stack

PASSPHRASE = "of the stack"
DAMAGED = "error: validating stack config: cipher: message authentication failed"
OTHER = "error: getting stack configuration: get stack secrets manager: incorrect passphrase"


@cache
def key_of(passphrase: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), b"the-salt", 1_000_000)


def sealed(text: str, passphrase: str = PASSPHRASE) -> str:
    """Encrypts like Pulumi's secrets provider `passphrase`."""
    encrypted = AESGCM(key_of(passphrase)).encrypt(b"twelve bytes", text.encode(), None)
    return f"v1:{base64.b64encode(b'twelve bytes').decode()}:{base64.b64encode(encrypted).decode()}"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr("cli.stack.decryption.ROOT", tmp_path)
    file = tmp_path / "Pulumi.trial.yaml"
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n")
    file.write_text(
        "config:\n"
        "  repository-store:passwords:\n"
        f"    admin: {{secure: '{sealed('one', 'of another stack')}'}}\n"
        f"    jenkins: {{secure: '{sealed('two')}'}}\n"
        f"encryptionsalt: v1:{base64.b64encode(b'the-salt').decode()}:{sealed('pulumi')}\n"
    )
    return Stack("trial", file)


def environment(stack: Stack) -> dict[str, str]:
    return {"PULUMI_CONFIG_PASSPHRASE_FILE": str(stack.file.with_name("passphrase"))}


def test_a_damaged_secret_is_named(stack: Stack) -> None:
    (line,) = undecrypted(stack, environment(stack), DAMAGED)
    assert line == (
        "passwords.admin: the secret is damaged and cannot be decrypted (allowed a secret as pulumi config set "
        "--secret writes it). Fix: pulumi config set --secret --path passwords.admin"
    )


@pytest.mark.parametrize("passphrase", ["of another stack", ""])
def test_another_passphrase_is_reported_once(stack: Stack, passphrase: str) -> None:
    stack.file.with_name("passphrase").write_text(passphrase)
    (line,) = undecrypted(stack, environment(stack), OTHER)
    assert line.startswith("encryptionsalt of Pulumi.trial.yaml: it does not belong to the passphrase in passphrase (")
    (line,) = undecrypted(stack, {"PULUMI_CONFIG_PASSPHRASE": passphrase or "wrong"}, OTHER)
    assert "the passphrase in PULUMI_CONFIG_PASSPHRASE (" in line
    assert "of another stack" not in line


def test_any_other_failure_is_not_explained(stack: Stack) -> None:
    assert undecrypted(stack, environment(stack), "error: failed to load checkpoint: EOF") == []
