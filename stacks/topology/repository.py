from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator

from nexus import model, schema
from stacks.topology.nexus_object import NexusObject


class Repository(NexusObject):
    """A repository as in Nexus's REST API: `format`, `type` and the body of its create request."""

    format: str
    type: Literal["hosted", "proxy", "group"]

    @field_validator("format", "type")
    @classmethod
    def _is_known(cls, value: str, info: ValidationInfo) -> str:
        if info.field_name == "format" and value not in schema.formats():
            raise ValueError(f"one of {', '.join(schema.formats())}")
        types = schema.types_of(info.data.get("format", "")) if info.field_name == "type" else ()
        if types and value not in types:
            raise ValueError(f"one of {', '.join(types)} for format {info.data['format']}")
        return value

    @property
    def declared(self) -> dict[str, Any]:
        """The fields that the stack file gives, with Nexus's own blob store `default` if it names none."""
        body = dict(self.model_extra or {})
        storage = body.get("storage", {})
        if isinstance(storage, dict):
            body["storage"] = {"blobStoreName": "default", **storage}
        return body

    @property
    def members(self) -> tuple[str, ...]:
        names = self._part("group").get("memberNames", ())
        return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()

    @property
    def blob_store(self) -> str:
        return str(self._part("storage").get("blobStoreName"))

    @property
    def cleanup_policies(self) -> tuple[str, ...]:
        names = self._part("cleanup").get("policyNames", ())
        return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()

    @property
    def routing_rule(self) -> str | None:
        """Older servers call the field routingRule, newer ones routingRuleName; the stack file may use either."""
        rule = self.declared.get("routingRuleName") or self.declared.get("routingRule")
        return rule if isinstance(rule, str) else None

    @property
    def version_policy(self) -> str | None:
        """What a Maven repository accepts: RELEASE, SNAPSHOT or, as every group, MIXED; None for other formats."""
        if self.format != "maven":
            return None
        maven = schema.complete(f"repository/maven/{self.type}", self.declared).get("maven")
        return str(maven.get("versionPolicy")) if isinstance(maven, dict) and self.type != "group" else "MIXED"

    @property
    def uses_token_realm(self) -> bool:
        """Whether docker clients log in to it with the tokens of the realm DockerToken."""
        part = self._part(self.format) if self.format in ("docker", "oci") else {"forceBasicAuth": True}
        return part.get("forceBasicAuth") is not True

    @property
    def connectors(self) -> tuple[tuple[str, int], ...]:
        """The ports on which Nexus itself listens for this docker repository, with their keys."""
        docker = self._part("docker")
        given = ((key, docker.get(key)) for key in ("httpPort", "httpsPort"))
        return tuple((key, int(port)) for key, port in given if isinstance(port, int | float))

    def _part(self, name: str) -> dict[str, Any]:
        part = self.declared.get(name)
        return part if isinstance(part, dict) else {}


def members_first(repositories: Mapping[str, Any], shared: Collection[str]) -> dict[str, Any]:
    """The repositories, with each group of the stack file after its members; shared ones keep their place.

    Groups that contain each other keep their order: the rules report them.
    """
    placed = {name: body for name, body in repositories.items() if name in shared}
    waiting = {name: body for name, body in repositories.items() if name not in shared}
    while waiting:
        ready = [name for name, body in waiting.items() if not _members(body) & waiting.keys()]
        for name in ready or list(waiting):
            placed[name] = waiting.pop(name)
    return placed


def _members(body: Any) -> set[str]:
    names = model.at(body, ("group", "memberNames"))
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
