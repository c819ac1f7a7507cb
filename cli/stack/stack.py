"""A stack by its name: its file, its state on this machine, and the names of its containers and volumes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cli.errors import InvalidStackFile
from cli.paths import LOCAL, STACK_FILES, cache_folder
from stacks.stack_file import StackFile

PROJECT = "repository-store"
DEFAULT = "local"
_CHECKPOINTS = Path(".pulumi") / "stacks" / PROJECT


@dataclass(frozen=True)
class Stack:
    """A Pulumi stack, which may not exist yet."""

    name: str

    other_file: Path | None = None
    """Read instead of its own file."""

    @property
    def file(self) -> Path:
        return self.other_file or STACK_FILES / f"Pulumi.{self.name}.yaml"

    @property
    def is_own(self) -> bool:
        """Whether it is a stack of this machine, with state and passphrase in .local. The local stack always is."""
        return self.name == DEFAULT or self.is_in_local_backend or self.unfinished.exists()

    @property
    def is_in_local_backend(self) -> bool:
        """Whether Pulumi's backend in .local has the stack, by its files, which is a second faster than Pulumi."""
        return any(file.exists() for file in self.checkpoints)

    @property
    def checkpoints(self) -> list[Path]:
        """Where that backend has its state: plain, or compressed."""
        return [LOCAL / _CHECKPOINTS / f"{self.name}.json{ending}" for ending in ("", ".gz")]

    @property
    def unfinished(self) -> Path:
        """The record of a stack that is being created; exists only until then."""
        return LOCAL / "unfinished" / f"{self.name}.json"

    @property
    def journal(self) -> Path:
        """Where runs record what they create (nexus/journal.py) until one succeeds; for a shared stack the cache."""
        return (LOCAL if self.is_own else cache_folder()) / "journals" / self.name

    def docker_name(self, role: str) -> str:
        """The name of the container or volume of a role, like `nexus` or `nexus-data`."""
        return f"{PROJECT}-{self.name}-{role}"

    @cached_property
    def settings(self) -> StackFile:
        """What its file declares.

        Raises:
            InvalidStackFile: the file is not YAML, or a setting that is read is wrong.
        """
        return StackFile(self.file, InvalidStackFile)

    @property
    def docker_host(self) -> str | None:
        """The engine that the stack file names; None means the one that the docker command uses."""
        return self.settings.docker_host

    @property
    def certificate_roles(self) -> tuple[str, ...]:
        """The roles that the TLS mode adds to Nexus and nginx."""
        return self.settings.certificate_roles

    @property
    def is_external(self) -> bool:
        """Whether it configures an external Nexus, so that no engine is needed.

        A stack whose creation was interrupted may have no file yet.
        """
        return self.settings.is_external or any(
            pair.startswith("nexus.url=") for pair in self.creation_record.get("pairs", ())
        )

    @property
    def creation_record(self) -> Mapping[str, Any]:
        """The settings of a stack that is being created, as creation.py records them; otherwise empty."""
        try:
            found = json.loads(self.unfinished.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, Mapping) else {}
