"""Whether a change of the stack file removes the key that Nexus's stored passwords are encrypted with."""

import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

from nexus.problem import Problem
from preflight.engine_answer import Unanswered, is_there, required_answer


def missing_key(environment: Mapping[str, str], container: str, file: str, wanted: Mapping[str, str]) -> Problem | None:
    """The problem if `wanted`, which has keys by their ids, lacks the active key of the container.

    None if there is no container, or no key in it, yet. Older keys may be removed: the `up` that added the active one
    ended only when nothing was encrypted with another key any more.
    """
    try:
        active, keys = keys_in(environment, container, file)
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


def key_archive(environment: Mapping[str, str], container: str, file: str) -> str:
    """The container's file of keys as `docker cp` archives it, whether it runs or not; empty if it has none.

    The file was copied into the container, so `docker diff` lists it.

    Raises:
        Unanswered: the engine does not say.
    """
    if not is_there(environment, "container", container):
        return ""
    variables = required_answer(environment, "container", "inspect", "--format", "{{json .Config.Env}}", container)
    if not any(each.endswith(f"={file}") for each in json.loads(variables) or ()):
        return ""
    if f"A {file}" not in required_answer(environment, "diff", container).splitlines():
        return ""
    return required_answer(environment, "cp", f"{container}:{file}", "-")


def keys_in(environment: Mapping[str, str], container: str, file: str) -> tuple[str, dict[str, str]]:
    """The id of the active key of the container, and its keys by their ids; both empty if it has none.

    Raises:
        Unanswered: the engine does not say.
    """
    found_in = key_archive(environment, container, file)
    if not found_in:
        return "", {}
    with tarfile.open(fileobj=io.BytesIO(found_in.encode())) as archive:
        content = archive.extractfile(archive.getmembers()[0])
        found: dict[str, Any] = json.load(content) if content else {}
    return str(found.get("active", "")), {str(each["id"]): str(each["key"]) for each in found.get("keys", ())}
