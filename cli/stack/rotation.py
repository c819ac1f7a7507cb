"""Draws secrets of a deployed stack again: into its file first, from which an `up` then brings them to the store.

What was drawn and not yet applied is recorded, and not drawn once more: the server may have it already, although no
state says so.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from cli.files import write_atomically
from cli.paths import LOCAL, cache_folder
from cli.stack.creation import rewritten
from cli.stack.passphrase import new_secret
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from cli.stack.wanted import given, wanted
from exports.state import objects_of
from nexus.advice import ENCRYPTION_KEYS, key_at, password
from stacks.rules.stack_file_rules import sealed
from stacks.stack_file import settings_in

_AUTHORITIES = "tls.authorities"
_LEAF_KEY = ("tls:index/privateKey:PrivateKey", "leaf-key")
ADMIN = "admin"


class Part(StrEnum):
    """A kind of secrets that can be rotated alone, in the order in which all of them are."""

    PASSPHRASE = "passphrase"
    PASSWORDS = "passwords"
    ENCRYPTION_KEY = "encryption-key"
    CERTIFICATE = "certificate"
    TOKENS = "tokens"


DRAWN = (Part.PASSWORDS, Part.ENCRYPTION_KEY, Part.CERTIFICATE)
"""Those that an `up` applies."""


@dataclass(frozen=True)
class Rotation:
    """The secrets of a stack. The caller holds its lock."""

    stack: Stack
    environment: Mapping[str, str]

    @cached_property
    def state(self) -> Mapping[str, Any]:
        """The exported state, with its secrets."""
        return self._json("stack", "export", "--show-secrets")

    @property
    def is_deployed(self) -> bool:
        return bool((self.state.get("deployment") or {}).get("resources"))

    @property
    def is_applied(self) -> bool:
        """Whether the server has the administrator's password of the stack file, as far as the state says."""
        in_file = wanted(self._json("config", "--show-secrets", "--json")).get("password")
        in_state = given(self.state).get("given")
        return in_state in (None, in_file)

    @cached_property
    def users(self) -> tuple[str, ...]:
        """The users whose passwords the stack has set, and so may change: none that it has adopted."""
        made = [each["name"] for each in objects_of(self.state) if each.get("kind") == "user" and not _is_adopted(each)]
        users = ([ADMIN] if given(self.state) else []) + sorted(made)
        return tuple(user for user in users if self.stack.settings.given("passwords", user))

    def others(self) -> list[str]:
        """The keys of secrets in the stack file that somebody else has issued, such as a remote's password."""
        drawn = {*self._password_keys(), *(f"{ENCRYPTION_KEYS}[{index}].key" for index in range(len(self._keys)))}
        return [key for path, _ in sealed(settings_in(self.stack.file)) if (key := key_at(*path)) not in drawn]

    def replacements(self, parts: Sequence[Part]) -> list[str]:
        """The options with which an `up` replaces what no setting changes: the key of nginx's certificate."""
        if Part.CERTIFICATE not in parts:
            return []
        resources = (self.state.get("deployment") or {}).get("resources") or ()
        found = [each["urn"] for each in resources if (each["type"], each["urn"].rpartition("::")[2]) == _LEAF_KEY]
        return [f"--replace={urn}" for urn in found]

    def draw(self, parts: Sequence[Part], done: Sequence[Part] = ()) -> None:
        """Writes new secrets into the stack file, all or none, and records them together with what was done before."""
        with rewritten(self.stack) as file:
            if Part.PASSWORDS in parts:
                for key in self._password_keys():
                    self._set(file, "--secret", key, text=new_secret())
            if Part.ENCRYPTION_KEY in parts:
                entry = f"{ENCRYPTION_KEYS}[{len(self._keys)}]"
                self._set(file, "--plaintext", f"{entry}.id", f"rotated-{datetime.now(UTC):%Y%m%d-%H%M%S}")
                self._set(file, "--secret", f"{entry}.key", text=new_secret())
            if Part.CERTIFICATE in parts:
                self._set_authority(file)
        Record.of(self.stack, (*done, *parts)).write(self.stack)

    def retire_keys(self) -> bool:
        """Removes the encryption keys with which nothing is encrypted any more; returns whether there were any."""
        older = len(self._keys) - 1
        if older < 1:
            return False
        with rewritten(self.stack) as file:
            for _ in range(older):
                self._config(file, "rm", f"{ENCRYPTION_KEYS}[0]")
        return True

    def _password_keys(self) -> Iterator[str]:
        """Their keys in the stack file. nginx's salt for logins has none: it follows from the certificate's key."""
        yield from map(password, self.users)

    @property
    def _keys(self) -> Sequence[Any]:
        found = self.stack.settings.given(ENCRYPTION_KEYS)
        return found if isinstance(found, list) else []

    def _set_authority(self, file: Path) -> None:
        """The next number is a CA that no client has yet, and the only one: the former key may be somebody else's."""
        numbers = self.stack.settings.given(_AUTHORITIES)
        if numbers:
            self._config(file, "rm", _AUTHORITIES)
        self._set(file, "--plaintext", f"{_AUTHORITIES}[0]", str(max(map(int, numbers or (1,))) + 1))

    def _set(self, file: Path, *arguments: str, text: str | None = None) -> None:
        self._config(file, "set", *arguments, text=text)

    def _config(self, file: Path, *arguments: str, text: str | None = None) -> None:
        own = ["--config-file", str(file), "--path", "--stack", self.stack.name, "--non-interactive"]
        pulumi("pulumi config", "config", arguments[0], *own, *arguments[1:], env=self.environment, text=text)

    def _json(self, *arguments: str) -> dict[str, Any]:
        own = ["--stack", self.stack.name, "--non-interactive"]
        found: dict[str, Any] = json.loads(pulumi(f"STACK={self.stack.name}", *arguments, *own, env=self.environment))
        return found


@dataclass(frozen=True)
class Record:
    """What was drawn and is to be applied, beside the state."""

    parts: tuple[Part, ...] = ()
    drawn: str = ""
    """The digest of what the stack file had then; it differs if somebody has undone or changed that."""

    @classmethod
    def of(cls, stack: Stack, parts: Sequence[Part]) -> "Record":
        settings = Stack(stack.name).settings
        found = [settings.given(key) for key in ("passwords", ENCRYPTION_KEYS, _AUTHORITIES)]
        return cls(tuple(parts), hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest())

    @classmethod
    def read(cls, stack: Stack) -> "Record | None":
        """None if nothing is left to apply."""
        try:
            found = json.loads(_file(stack).read_text(encoding="utf-8"))
            return cls(tuple(map(Part, found["parts"])), found["drawn"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            return cls()

    def holds(self, stack: Stack) -> bool:
        """Whether the stack file still has what was drawn."""
        return self == self.of(stack, self.parts)

    def write(self, stack: Stack) -> None:
        write_atomically(_file(stack), json.dumps({"parts": self.parts, "drawn": self.drawn}), 0o600)


def forget(stack: Stack) -> None:
    _file(stack).unlink(missing_ok=True)


def _file(stack: Stack) -> Path:
    return (LOCAL if stack.is_own else cache_folder()) / "rotations" / f"{stack.name}.json"


def _is_adopted(user: Mapping[str, Any]) -> bool:
    return bool(user.get("adopted", user.get("adopt")))
