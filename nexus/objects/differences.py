"""Where an object differs from its declaration, as far as the server's answers show it."""

from collections.abc import Mapping
from typing import Any

from nexus import model, schema
from nexus.kinds import KINDS
from nexus.objects import bodies
from nexus.objects.ref import Ref


def differing(ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    """The declared fields whose current value is another one, without those that no answer contains."""
    kind = KINDS[ref.kind]
    if kind.body_key and kind.key:
        return [] if live and kind.key(live) == kind.key(body) else [kind.body_key]
    wanted = model.without(dict(body), hidden(ref, live))
    return [model.dotted(path) for path in bodies.changes(kind, bodies.select_declared(kind, live, wanted), wanted)]


def hidden(ref: Ref, live: Mapping[str, Any] | None = None) -> frozenset[model.Path]:
    """The paths that answers do not contain: secrets, fields that are never returned, fields that `live` lacks."""
    kind = KINDS[ref.kind]
    secrets = schema.secret_paths(ref.request) if schema.known(ref.request) else frozenset()
    lacking = {(key,) for key in kind.omitted_in_response if live is not None and live.get(key) is None}
    return secrets | kind.unreadable | lacking
