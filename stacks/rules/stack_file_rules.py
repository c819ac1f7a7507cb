"""Rules for a stack file as a whole: mistakes that Pulumi refuses in its own words or silently ignores."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from nexus.advice import key_at, secret
from nexus.problem import Problem
from stacks.patterns import DOCKER_HOST_ALLOWED, DOCKER_HOST_PATTERN
from stacks.rules.secret_rules import in_clear
from stacks.rules.shown import shown

_NAMESPACE = "repository-store"
_OURS = f"{_NAMESPACE}:"
# Pulumi's own, like pulumi:tags.
_ENGINE = "pulumi:"
_TOP = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")
# The secrets provider `passphrase` writes the nonce of AES-GCM, then the ciphertext with its tag.
_PASSPHRASE = re.compile(r"v1:([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)")
_NONCE, _TAG = 12, 16


def problems(document: Any, file: str) -> Iterator[Problem]:
    """Every mistake in a stack file, given its parsed content and its name."""
    if document is None:
        return
    if not isinstance(document, Mapping):
        yield Problem(
            file, "not a stack file", f"a mapping with the keys {', '.join(_TOP)}", "edit it", shown(document)
        )
        return
    yield from _top(document, file)
    config = document.get("config")
    if config is not None and not isinstance(config, Mapping):
        allowed = f"a mapping with keys like {_OURS}hostname"
        yield Problem(f"config of {file}", "invalid value", allowed, "write each setting as KEY: VALUE", shown(config))
    elif config:
        yield from _config(config, file, "encryptionsalt" in document)
        yield from _salt(document, config, file)


def _top(document: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for key in document:
        if key not in _TOP:
            yield Problem(
                f"{key} of {file}",
                "unknown key",
                f"the keys {', '.join(_TOP)}",
                f"write it under config as {_OURS}{key.removeprefix(_OURS)}, or remove it",
            )


def _salt(document: Mapping[str, Any], config: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Without its salt Pulumi generates another, with which it can decrypt none of the file's secrets."""
    salt = document.get("encryptionsalt")
    elsewhere = document.get("encryptedkey") or document.get("secretsprovider", "passphrase") != "passphrase"
    is_needed = not elsewhere and any(_PASSPHRASE.fullmatch(str(text)) for _, text in sealed(config))
    if (salt is None and is_needed) or (salt is not None and not str(salt).startswith("v1:")):
        yield Problem(
            f"encryptionsalt of {file}",
            "missing, and the secrets cannot be decrypted without it" if salt is None else "damaged",
            "the line that pulumi stack init wrote",
            f"restore it from git or your backup: git log -p {file}",
        )


def _config(config: Mapping[str, Any], file: str, by_passphrase: bool) -> Iterator[Problem]:
    for key in config:
        if not key.startswith((_OURS, _ENGINE)):
            yield _namespace(key, file)
    ours = {key.removeprefix(_OURS): value for key, value in config.items() if key.startswith(_OURS)}
    yield from (damaged(path) for path, text in sealed(ours) if not _is_whole(text, by_passphrase))
    yield from in_clear(ours)
    docker = ours.get("docker")
    host = docker.get("host") if isinstance(docker, Mapping) else None
    if host not in (None, "") and not re.fullmatch(DOCKER_HOST_PATTERN, host if isinstance(host, str) else ""):
        key = "docker.host"
        yield Problem(key, "invalid value", DOCKER_HOST_ALLOWED, f"pulumi config set --path {key} VALUE", shown(host))


def _namespace(key: str, file: str) -> Problem:
    namespace, colon, name = key.rpartition(":")
    given = f"unknown namespace {namespace}" if colon else "no namespace"
    near = get_close_matches(namespace, [_NAMESPACE], n=1) or not colon
    fix = f"rename it to {_OURS}{name}" if near else f"remove it, or rename it to {_OURS}{name}"
    return Problem(f"{key} of {file}", given, f"keys like {_OURS}{name}", fix)


def sealed(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The encrypted values below a configuration value, by path; None for one with other keys beside `secure`."""
    if isinstance(value, Mapping) and "secure" in value:
        yield path, value["secure"] if len(value) == 1 else None
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from sealed(below, (*path, str(name)))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from sealed(below, (*path, index))


def damaged(path: tuple[str | int, ...]) -> Problem:
    key = key_at(*path)
    return Problem(
        key,
        "the secret is damaged and cannot be decrypted",
        "a secret as pulumi config set --secret writes it",
        secret(key),
    )


def _is_whole(text: Any, by_passphrase: bool) -> bool:
    """Whether it looks like a ciphertext; only the passphrase or the key service can tell whether it is one."""
    if not isinstance(text, str) or not text:
        return False
    if not by_passphrase:
        return True
    found = _PASSPHRASE.fullmatch(text)
    if found is None:
        return False
    try:
        nonce, sealed = (base64.b64decode(part, validate=True) for part in found.groups())
    except binascii.Error:
        return False
    return len(nonce) == _NONCE and len(sealed) >= _TAG
