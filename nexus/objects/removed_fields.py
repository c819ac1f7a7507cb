"""What happens to fields that are no longer declared."""

from collections.abc import Mapping
from typing import Any

from nexus import schema
from nexus.kinds.base import Kind
from nexus.model import Path
from nexus.objects.ref import Ref

Values = Mapping[str, Any]


def unset_removed_fields(
    kind: Kind, ref: Ref, live: Values, declared: Values, before: Values, former: Values
) -> Values:
    """The current state without the fields that were declared `before` and no longer are.

    A field that has a prior value in `former` gets it back; a field that requests must have stays unchanged.
    """
    if kind.body_key or not schema.known(ref.request):
        return live
    names = kind.both_names(declared), kind.both_names(before)
    return _without(live, *names, former, schema.demanded_paths(ref.request))


def _without(
    live: Values, declared: Values, before: Values, former: Values, demanded: frozenset[Path], at: Path = ()
) -> Values:
    left = dict(live)
    for name in before.keys() & live.keys():
        path, earlier = (*at, name), _something(former.get(name))
        if name in declared or isinstance(earlier, Mapping) or path in demanded:
            inner = _object(live[name]), _object(declared.get(name)), _object(before[name]), _object(earlier)
            left[name] = _without(*inner, demanded, path) if inner[0] else live[name]
        elif earlier is None:
            del left[name]
        if name not in declared and earlier is not None and not isinstance(earlier, Mapping):
            left[name] = earlier
    return left


def _something(value: Any) -> Any:
    """The value, or None for an object of nulls only: that is how the prior value of a missing object is recorded."""
    if isinstance(value, Mapping) and all(_something(part) is None for part in value.values()):
        return None
    return value


def _object(value: Any) -> Values:
    return value if isinstance(value, Mapping) else {}
