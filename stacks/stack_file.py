"""A stack file before Pulumi reads it: what commands need of it, and its mistakes as a file."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexus.problem import Problem
from stacks import layout
from stacks.patterns import DOCKER_HOST_PATTERN
from stacks.plain_yaml import NotPlain, bounded, plain

if TYPE_CHECKING:  # they load pydantic, which most commands do without
    from stacks.backup import Backup
    from stacks.external_nexus import ExternalNexus
    from stacks.maintenance import Maintenance
    from stacks.managed_nexus import ManagedNexus
    from stacks.monitoring import Monitoring
    from stacks.nginx_settings import NginxSettings
    from stacks.reading import Reading
    from stacks.unmanaged import Unmanaged

NAMESPACE = "repository-store:"
_ALLOWED = "a stack file, as pulumi config set writes it"


class StackFile:
    """The settings of a stack file without its passphrase: the program's models with their defaults.

    Half a file, or one that the program would refuse, can be read: what is wrong, missing or encrypted raises the given
    refusal when it is read itself. Without a file every setting has its default.
    """

    def __init__(self, path: Path, refusal: Callable[[Sequence[Problem]], Exception]) -> None:
        self._path, self._refusal = path, refusal

    def given(self, path: str, *names: str) -> Any:
        """What the file itself has at a path like `nexus.kind`, without default and unchecked; None if nothing.

        `names` are keys below the path, which may have dots.

        For commands that write the file, or ask what it declares.
        """
        found: Any = self._settings
        for key in (*path.split("."), *names):
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    @property
    def docker_host(self) -> str | None:
        """The engine that the file names; None means the one that the docker command uses."""
        host = self.given("docker.host")
        if isinstance(host, str) and re.fullmatch(DOCKER_HOST_PATTERN, host):
            return host
        if host == "" or "docker" not in self._settings:
            return None
        from stacks.docker_settings import DockerSettings

        docker: DockerSettings = self._reading.value("docker", DockerSettings)
        return docker.host

    @property
    def is_external(self) -> bool:
        """Whether it configures an external Nexus."""
        return names_external(self._settings.get("nexus"))

    @property
    def certificate_roles(self) -> tuple[str, ...]:
        """The roles that the TLS mode adds to Nexus and nginx."""
        role = layout.CERTIFICATE_CLIENTS.get(str(self.given("tls.mode")))
        return (role,) if role else ()

    @property
    def kept_volumes(self) -> frozenset[str]:
        """The volumes that `retain` names, even where the program would refuse its other entries."""
        wanted = self.given("retain")
        return frozenset(layout.KEPT_VOLUMES).intersection(map(str, wanted if isinstance(wanted, list) else [wanted]))

    @property
    def address(self) -> str:
        """The store's address for this machine; empty if DNS resolves its name."""
        from stacks.names import Address

        return str(self._value("address", Address) or "")

    @property
    def protect(self) -> bool:
        from stacks.value import Flag

        return bool(self._value("protect", Flag))

    @property
    def unmanaged(self) -> "Unmanaged | None":
        from stacks.unmanaged import Unmanaged

        found: Unmanaged | None = self._value("unmanaged", Unmanaged)
        return found

    @property
    def nexus(self) -> "ManagedNexus":
        """Of a store that runs its own Nexus."""
        from stacks.managed_nexus import ManagedNexus

        return self._reading.section("nexus", ManagedNexus)

    @property
    def external_nexus(self) -> "ExternalNexus":
        """Of a stack with `nexus.url`."""
        from stacks.external_nexus import ExternalNexus

        return self._reading.section("nexus", ExternalNexus)

    @property
    def nginx(self) -> "NginxSettings":
        from stacks.nginx_settings import NginxSettings

        return self._reading.section("nginx", NginxSettings)

    @property
    def backup(self) -> "Backup | None":
        from stacks.backup import Backup

        return self._reading.section("backup", Backup) if "backup" in self._settings else None

    @property
    def maintenance(self) -> "Maintenance | None":
        from stacks.maintenance import Maintenance

        return self._reading.section("maintenance", Maintenance) if "maintenance" in self._settings else None

    @property
    def monitoring(self) -> "Monitoring | None":
        from stacks.monitoring import Monitoring

        return self._reading.section("monitoring", Monitoring) if "monitoring" in self._settings else None

    def _value(self, key: str, kind: Any) -> Any:
        return self._reading.value(key, kind) if key in self._settings else None

    @cached_property
    def _reading(self) -> "Reading":
        from stacks.reading import Reading

        return Reading(self._settings, self._path.parent, self._refusal)

    @cached_property
    def _settings(self) -> Mapping[str, Any]:
        try:
            return settings_in(self._path)
        except FileNotFoundError:
            return {}
        except NotPlain as error:
            name = f"{self._path.parent.name}/{self._path.name}"
            where = f" (line {error.line})" if error.line else ""
            raise self._refusal([Problem(f"{name}{where}", error.problem, _ALLOWED, f"edit {name}")]) from None


def settings_in(file: Path) -> dict[str, Any]:
    """By key without the namespace; one that is empty counts as left out, as in the program.

    Raises:
        OSError, NotPlain: the file cannot be read, is not YAML, or is nested too deep.
    """
    document = read_yaml(file)
    config = document.get("config") if isinstance(document, Mapping) else None
    found = config.items() if isinstance(config, Mapping) else ()
    ours = {str(key).removeprefix(NAMESPACE): value for key, value in found if str(key).startswith(NAMESPACE)}
    return {key: structured(value) for key, value in ours.items() if value not in (None, "")}


def names_external(nexus: object) -> bool:
    """Whether the section `nexus` of a stack file names an external Nexus."""
    return isinstance(nexus, Mapping) and "url" in nexus


def structured(value: Any) -> Any:
    """A mapping or list that Pulumi passes as JSON; anything else as it is, also a text that only looks like JSON."""
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
    except (ValueError, RecursionError):
        return value


def read_yaml(path: Path) -> Any:
    """The parsed file, unchecked except for its depth and size.

    Raises:
        OSError, NotPlain: the file cannot be read, is not YAML, or is nested too deep.
    """
    return bounded(path.read_bytes())


def problems(file: Path) -> list[Problem]:
    """The mistakes that Pulumi would refuse in its own words, misread or silently ignore; none if there is no file."""
    if not file.exists():
        return []
    try:
        document = plain(file.read_text(encoding="utf-8-sig"))
    except NotPlain as error:
        where = f" (line {error.line})" if error.line else ""
        return [_unread(f"{file}{where}", error.problem)]
    except (UnicodeDecodeError, OSError):
        return [_unread(str(file), "not UTF-8 text")]
    from stacks.rules import stack_file_rules  # slow: loads the schema

    return list(stack_file_rules.problems(document, str(file)))


def _unread(where: str, problem: str) -> Problem:
    return Problem(where, problem, _ALLOWED, "edit it")
