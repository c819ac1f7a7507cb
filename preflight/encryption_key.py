"""Whether a change of the stack file removes the key that Nexus's stored passwords are encrypted with."""

import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from nexus.problem import Problem
from preflight.engine_answer import Unanswered, is_there, required_answer
from stacks.layout import KEY_FILE_VARIABLE

_WHAT_IT_WAS_MADE_AS = "{{json .Config.Env}}\n{{json .Mounts}}"


@dataclass(frozen=True)
class KeyFile:
    """A container's file of keys."""

    path: str
    is_copied: bool
    """Into the container; or it is on a volume, which outlives the container."""
    archive: str = field(repr=False)
    """As `docker cp` gives and takes it."""

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.path).parent)


def missing_key(environment: Mapping[str, str], container: str, wanted: Mapping[str, str]) -> Problem | None:
    """The problem if `wanted`, which has keys by their ids, lacks the active key of the container.

    None if there is no container, or no key in it, yet. Older keys may be removed: the `up` that added the active one
    ended only when nothing was encrypted with another key any more.
    """
    try:
        active, keys = keys_in(environment, container)
    except Unanswered as error:
        return Problem(
            "nexus.encryptionKeys",
            f"the container {container} may have a key that is needed, and cannot be asked ({error})",
            fix="run the command again when the docker engine answers",
        )
    if not active or wanted.get(active) == keys.get(active, ""):
        return None
    return Problem(
        "nexus.encryptionKeys",
        f"the key {active!r} {'has another value' if active in wanted else 'is missing'}, but Nexus's stored passwords"
        " are encrypted with it",
        "a newer key after it, until a deployment with both has ended",
        "list it before the new one again (docs/backups.md)",
        got=", ".join(wanted) or "no key",
    )


def key_file_of(environment: Mapping[str, str], container: str) -> KeyFile | None:
    """The container's file of keys, whether it runs or not; None if it has none.

    Raises:
        Unanswered: the engine does not say.
    """
    if not is_there(environment, "container", container):
        return None
    shown = required_answer(environment, "container", "inspect", "--format", _WHAT_IT_WAS_MADE_AS, container)
    variables, mounts = (json.loads(line) or () for line in shown.splitlines())
    path = dict(each.split("=", 1) for each in variables).get(KEY_FILE_VARIABLE, "")
    on_volume = str(PurePosixPath(path).parent) in {each["Destination"] for each in mounts}
    # `docker diff` lists what was copied into a container, but nothing on its volumes.
    if not path or not (on_volume or f"A {path}" in required_answer(environment, "diff", container).splitlines()):
        return None
    return KeyFile(path, not on_volume, required_answer(environment, "cp", f"{container}:{path}", "-"))


def keys_in(environment: Mapping[str, str], container: str) -> tuple[str, dict[str, str]]:
    """The id of the active key of the container, and its keys by their ids; both empty if it has none.

    Raises:
        Unanswered: the engine does not say.
    """
    found_in = key_file_of(environment, container)
    if not found_in:
        return "", {}
    with tarfile.open(fileobj=io.BytesIO(found_in.archive.encode())) as archive:
        content = archive.extractfile(archive.getmembers()[0])
        found: dict[str, Any] = json.load(content) if content else {}
    return str(found.get("active", "")), {str(each["id"]): str(each["key"]) for each in found.get("keys", ())}
