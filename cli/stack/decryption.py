"""Finds the secrets of a stack file that cannot be decrypted; Pulumi names neither the key nor the fix."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cli.paths import ROOT
from cli.stack.stack import Stack
from stacks.stack_file import read_yaml

_ROUNDS = 1_000_000
_WRONG_PASSPHRASE = "incorrect passphrase"
_DAMAGED = "message authentication failed"


def undecrypted(stack: Stack, environment: Mapping[str, str], output: str) -> list[str]:
    """One line per cause, if Pulumi failed because it could not decrypt; otherwise empty."""
    if _WRONG_PASSPHRASE not in output and _DAMAGED not in output:
        return []
    from nexus.problem import Problem
    from stacks.rules.stack_file_rules import damaged, sealed

    document = _document(stack.file)
    salt = str(document.get("encryptionsalt", ""))
    if not salt:
        return []
    passphrase = _passphrase(environment)
    file = str(stack.file.relative_to(ROOT))
    key = _key(passphrase, salt) if passphrase is not None else None
    if key is None or not _opens(key, salt.partition(":")[2].partition(":")[2]):
        return [
            str(
                Problem(
                    f"encryptionsalt of {file}",
                    f"it does not belong to the passphrase in {_source(environment)}",
                    "the two that belong together",
                    "restore the one that was changed, from git or your backup",
                )
            )
        ]
    config = {name.partition(":")[2]: value for name, value in (document.get("config") or {}).items()}
    return [str(damaged(path)) for path, text in sealed(config) if not _opens(key, text)]


def _document(file: Path) -> Mapping[str, Any]:
    try:
        found = read_yaml(file)
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _passphrase(environment: Mapping[str, str]) -> str | None:
    if "PULUMI_CONFIG_PASSPHRASE" in environment:
        return environment["PULUMI_CONFIG_PASSPHRASE"]
    try:
        return Path(environment["PULUMI_CONFIG_PASSPHRASE_FILE"]).read_text(encoding="utf-8").strip()
    except (KeyError, OSError, UnicodeDecodeError):
        return None


def _source(environment: Mapping[str, str]) -> str:
    if "PULUMI_CONFIG_PASSPHRASE" in environment:
        return "PULUMI_CONFIG_PASSPHRASE"
    named = environment.get("PULUMI_CONFIG_PASSPHRASE_FILE", "")
    return named.removeprefix(f"{ROOT}/") or "PULUMI_CONFIG_PASSPHRASE_FILE"


def _key(passphrase: str, salt: str) -> bytes | None:
    try:
        decoded = base64.b64decode(salt.split(":")[1], validate=True)
    except (IndexError, binascii.Error):
        return None
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), decoded, _ROUNDS)


def _opens(key: bytes, text: Any) -> bool:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        _, nonce, encrypted = str(text).split(":")
        AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(encrypted), None)
    except (InvalidTag, ValueError):
        return False
    return True
