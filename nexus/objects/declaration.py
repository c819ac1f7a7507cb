"""The one value of a declared object: made from the stack file, sent as a resource's inputs, read by the provider."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from nexus import model
from nexus.kinds import KINDS
from nexus.model import Ref

Need = tuple[str, str]
"""Section and name of an object; a setting's name is its section."""


@dataclass(frozen=True)
class Declaration(Ref):
    """One declared object; `body` is the API's request without the object's name."""

    adopt: bool | str = False
    """true, or STRICT."""
    on_delete: str = ""
    """What happens when it is no longer declared: keep or delete. Empty: it is kept if it was adopted."""
    declared: Mapping[str, list[str]] | None = None
    """Only of an inventory: the keys of all declared objects by request (nexus/admission.py)."""
    needs: tuple[Need, ...] = ()
    """The objects that are created before it."""

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Self:
        """The declaration that a resource's inputs or outputs hold."""
        text = props.get("declared")
        return cls(
            kind=props["kind"],
            name=props["name"],
            format=props.get("format", ""),
            type=props.get("type", ""),
            id=props.get("serverId", ""),
            body=model.plain(props.get("body")),
            adopt=props.get("adopt") or False,
            on_delete=props.get("onDelete") or "",
            declared=json.loads(text) if isinstance(text, str) and text else None,
        )

    @property
    def inputs(self) -> dict[str, Any]:
        """The resource's inputs, which states keep; what is not declared is left out."""
        declared = None if self.declared is None else json.dumps(self.declared, separators=(",", ":"))
        more = {
            "format": self.format,
            "type": self.type,
            "adopt": self.adopt,
            "declared": declared,
            "onDelete": self.on_delete,
        }
        return {"kind": self.kind, "name": self.name, "body": dict(self.body)} | {k: v for k, v in more.items() if v}

    @property
    def section(self) -> str:
        """The key of the stack file that has it; the kind, if none has."""
        return KINDS[self.kind].section or self.kind

    @property
    def key(self) -> str:
        """Its key in the stack file."""
        return f"{self.section}.{self.name}" if KINDS[self.kind].is_collection else self.section
