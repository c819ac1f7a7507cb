"""What a snapshot is of, and the checksums of its lists: manifest.json in its folder (docs/json.md)."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, ValidationError

from cli.docker import Docker
from cli.errors import CommandError
from cli.snapshots.place import taken_at
from cli.stack.stack import Stack
from cli.stack.state import read_state
from nexus.problem import Problem
from preflight.encryption_key import keys_in
from preflight.engine_answer import Unanswered, is_there
from stacks.layout import NEXUS
from stacks.value import Value

FORMAT = 1
_KEYS = "nexus.encryptionKeys"
_OTHER_STORE = "--from-other-store (make restore FROM_OTHER_STORE=1)"
Database = Literal["h2", "postgresql"]


class KeyId(Value):
    """An encryption key of Nexus without the key itself: ids alone are alike in many stores."""

    id: str
    salt: str
    check: str
    """The scrypt hash of the key, in hexadecimal digits."""

    @classmethod
    def of(cls, id_: str, key: str) -> Self:
        salt = secrets.token_hex(16)
        return cls(id=id_, salt=salt, check=_hash(key, salt))

    def is_in(self, keys: dict[str, str]) -> bool:
        """Whether the key is one of `keys`, which are by their ids."""
        return self.id in keys and _hash(keys[self.id], self.salt) == self.check


def _hash(key: str, salt: str) -> str:
    return hashlib.scrypt(key.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()


@dataclass(frozen=True)
class Described:
    """The store that a snapshot is made of or restored to; what is not known is empty."""

    stack: str
    store_id: str
    server_version: str
    database: Database
    keys: dict[str, str] | None
    """The encryption keys of its Nexus by their ids; None if it has no container."""
    active_key: str = ""

    @classmethod
    def of(cls, stack: Stack, docker: Docker, environment: Mapping[str, str], version: str) -> Self:
        """The stack's store now; `environment` is Pulumi's, `version` that of the data volume.

        Raises:
            CommandError: the state cannot be read, or the engine does not answer.
        """
        container = stack.docker_name(NEXUS)
        database: Database = "postgresql" if stack.settings.given("nexus.database") else "h2"
        try:
            there = is_there(docker.environment, "container", container)
            active, keys = keys_in(docker.environment, container)
        except Unanswered as error:
            raise CommandError(container, f"its encryption keys cannot be read ({error})", fix="docker ps") from None
        id_ = read_state(stack, environment).id or ""
        return cls(stack.name, id_, version, database, keys if there else None, active)


@dataclass(frozen=True)
class Sealed:
    """What the container knows of a complete copy."""

    name: str
    files: int
    bytes: int
    files_sha256: str
    sums_sha256: str
    drifted: tuple[str, ...]
    """Of a full one: files whose content is not that of the previous snapshot although nothing has written to them."""


class Manifest(Value):
    """Written last, so a snapshot with a manifest is complete."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    format: Literal[1] = 1
    name: str
    """Of the snapshot: its time in UTC."""
    taken_at: datetime
    stack: str
    store_id: str
    """The id of the stack's state (docs/adr/0033); empty if there was none."""
    server_version: str
    """Empty if the volume did not say."""
    database: Database
    encryption_key: KeyId | None
    """The one that Nexus encrypts with; None if it uses its own default."""
    files: int
    bytes: int
    files_sha256: str
    """Of the list of files with their sizes, times, modes and owners."""
    sums_sha256: str
    """Of the list of their checksums."""
    downtime_seconds: int | None
    """How long Nexus was unavailable for it; None if it was not running."""
    sha256: str = ""
    """Of this document without this key."""

    @classmethod
    def of(cls, sealed: Sealed, store: Described, downtime: int | None) -> Self:
        key = (store.keys or {}).get(store.active_key)
        return cls(
            name=sealed.name,
            taken_at=datetime.fromtimestamp(taken_at(sealed.name), UTC),
            stack=store.stack,
            store_id=store.store_id,
            server_version=store.server_version,
            database=store.database,
            encryption_key=KeyId.of(store.active_key, key) if key else None,
            files=sealed.files,
            bytes=sealed.bytes,
            files_sha256=sealed.files_sha256,
            sums_sha256=sealed.sums_sha256,
            downtime_seconds=downtime,
        )

    @property
    def text(self) -> str:
        """The document, with its checksum."""
        return json.dumps({**self._own, "sha256": self._digest}, indent=2) + "\n"

    @property
    def _own(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude={"sha256"})

    @property
    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self._own, sort_keys=True).encode()).hexdigest()

    @classmethod
    def read(cls, name: str, text: str) -> Self:
        """The manifest of the snapshot `name`.

        Raises:
            CommandError: it is damaged, of another snapshot, or in a format of a later release.
        """
        key = f"{name}/manifest.json"
        try:
            document = json.loads(text)
            later = document["format"] > FORMAT
        except (ValueError, KeyError, TypeError):
            raise CommandError(key, "it is damaged: it is not a manifest") from None
        if later:
            raise CommandError(
                key, "a later release of this project wrote it", got=str(document["format"]), allowed=str(FORMAT)
            )
        try:
            found = cls.model_validate(document)
        except ValidationError as error:
            wrong = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
            raise CommandError(key, f"it is damaged: {wrong}") from None
        if found.sha256 != found._digest:
            raise CommandError(key, "it is damaged: its own checksum differs")
        if found.name != name:
            raise CommandError(key, "it belongs to another snapshot", got=found.name)
        return found

    def refused_by(self, target: Described, *, other_store: bool) -> Iterator[Problem]:
        """Why the snapshot cannot be restored there."""
        if self.store_id and self.store_id != target.store_id and not other_store:
            yield Problem(
                "FROM",
                f"the snapshot is of another store (stack {self.stack}), whose passwords the stack {target.stack} does "
                "not have",
                fix=f"if that is meant: {_OTHER_STORE}",
                got=f"store {self.store_id}",
                allowed=f"store {target.store_id or '(not deployed yet)'}",
            )
        if _is_newer(self.server_version, target.server_version):
            yield Problem(
                "FROM",
                "the snapshot is of a newer Nexus, whose database an older one cannot read",
                fix=f"set nexus.image to {self.server_version} or newer, make up STACK={target.stack}, then restore",
                got=self.server_version,
                allowed=f"{target.server_version} or older",
            )
        if self.database != target.database:
            yield Problem(
                "nexus.database",
                "the snapshot is of a store with another database",
                fix="restore it to a stack with the same database (docs/database.md)",
                got=target.database,
                allowed=self.database,
            )
        if self.encryption_key and target.keys is not None and not self.encryption_key.is_in(target.keys):
            yield Problem(
                _KEYS,
                f"Nexus lacks the key {self.encryption_key.id!r} of the snapshot, without which it cannot start",
                fix=f"add it before the others (docs/backups.md), then make up STACK={target.stack}",
                got=_shown(target.keys, self.encryption_key.id),
                allowed=f"a list with {self.encryption_key.id!r} as it was then",
            )


def _shown(keys: dict[str, str], id_: str) -> str:
    return ", ".join(f"another {each!r}" if each == id_ else repr(each) for each in keys) or "no key"


def _is_newer(version: str, than: str) -> bool:
    """Compares only the parts that both have: 3.90.1 is not newer than 3.90. An unknown one is not newer."""
    if not all(re.fullmatch(r"\d+(\.\d+)*", each) for each in (version, than)):
        return False
    ours, theirs = ([int(part) for part in each.split(".")] for each in (version, than))
    shared = min(len(ours), len(theirs))
    return ours[:shared] > theirs[:shared]
