"""A stack by its name: its file, and the settings that are read before Pulumi runs."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from cli.errors import CommandError
from cli.files import read_yaml
from cli.paths import LOCAL, ROOT, STACK_FILES
from stacks import layout

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
        return any((LOCAL / _CHECKPOINTS / f"{self.name}.json{ending}").exists() for ending in ("", ".gz"))

    @property
    def has_resources(self) -> bool:
        """Whether a stack of this machine has resources, by its state in .local."""
        for path in (LOCAL / _CHECKPOINTS / f"{self.name}.json{ending}" for ending in (".gz", "")):
            if path.exists():
                opened = gzip.open if path.suffix == ".gz" else open
                with opened(path, "rb") as file:
                    return bool((json.load(file)["checkpoint"].get("latest") or {}).get("resources"))
        return False

    @property
    def unfinished(self) -> Path:
        """The record of a stack that is being created; exists only until then."""
        return LOCAL / "unfinished" / f"{self.name}.json"

    def docker_name(self, role: str) -> str:
        """The name of the container or volume of a role, like `nexus` or `nexus-data`."""
        return f"{PROJECT}-{self.name}-{role}"

    def get(self, path: str) -> Any:
        """The value in the stack file at a path like `nexus.url`; None if there is none.

        Raises:
            CommandError: the file is not YAML.
        """
        found: Any = self._config
        for key in f"{PROJECT}:{path}".split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def text(self, path: str) -> str:
        """The same as text; empty if there is none."""
        found = self.get(path)
        return "" if found is None else str(found)

    @property
    def docker_host(self) -> str | None:
        """The engine that the stack file names; None means the one that the docker command uses."""
        return self.text("docker.host") or None

    @property
    def certificate_roles(self) -> tuple[str, ...]:
        """The roles that the TLS mode adds to Nexus and nginx."""
        role = layout.CERTIFICATE_CLIENTS.get(self.text("tls.mode"))
        return (role,) if role else ()

    @property
    def is_external(self) -> bool:
        """Whether it configures an external Nexus, so that no engine is needed.

        A stack whose creation was interrupted may have no file yet.
        """
        return bool(self.get("nexus.url")) or any(
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

    @cached_property
    def _config(self) -> Mapping[str, Any]:
        try:
            document = read_yaml(self.file)
        except FileNotFoundError:
            return {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f" (line {mark.line + 1}: {getattr(error, 'problem', '')})" if mark else ""
            name = str(self.file.relative_to(ROOT))
            raise CommandError(
                name,
                f"it is not YAML{where}",
                allowed="a stack file, as pulumi config set writes it",
                fix=f"edit {name}",
            ) from None
        config = document.get("config") if isinstance(document, Mapping) else None
        return config if isinstance(config, Mapping) else {}
