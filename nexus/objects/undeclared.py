"""What happens to fields that are not declared, or no longer: a PUT replaces the whole object and would drop them."""

from collections.abc import Mapping
from typing import Any

from nexus import model, schema
from nexus.advice import key_at, secret
from nexus.errors import Rejected
from nexus.kinds import KINDS
from nexus.kinds.base import Kind
from nexus.model import PLACEHOLDER, Path, Ref
from nexus.problem import Problem
from nexus.schema.violation import MISSING

Values = Mapping[str, Any]

# A login has only the secret of its type.
_OF_TYPE = {"username": "password", "ntlm": "password", "bearerToken": "bearerToken"}
_LOGINS = ("username", "authUsername", "accessKeyId", "applicationName", "clientId")


def undeclared_secrets(ref: Ref, live: Values | None, body: Values) -> list[str]:
    """The secrets that the server has and that a change with this body would drop.

    Users have none: their PUT does not change the password.
    """
    kind = KINDS[ref.kind]
    if not live or kind.has_password or not schema.known(ref.request):
        return []
    whole = model.deep_merge(live, body)
    paths = (path for path in schema.secret_paths(ref.request) if not kind.placeholders.get(path))
    return sorted(model.dotted(path) for path in paths if _is_dropped(kind, path, live, whole, body))


def refuse_undeclared(ref: Ref, live: Values | None, body: Values) -> None:
    """Refuses a PUT that would wipe a secret that is not declared, or that needs one that is not on the server either.

    Raises:
        Rejected: there is such a secret.
    """
    lost = undeclared_secrets(ref, live, body)
    if lost:
        raise Rejected(lost_by_a_change(ref, lost))
    secrets = schema.secret_paths(ref.request) if live and schema.known(ref.request) else frozenset()
    new = [path for path in sorted(secrets) if model.at(body, path[:-1]) and model.at(live, path[:-1]) is None]
    if new and live and (missing := _missing(ref, live, body).intersection(new)):
        raise Rejected("\n".join(str(_removed_by_hand(ref, path)) for path in sorted(missing)))


def _missing(ref: Ref, live: Values, body: Values) -> set[Path]:
    """What a PUT must have and neither the server shows nor the body has."""
    whole = schema.fitting(ref.request, model.deep_merge(live, KINDS[ref.kind].both_names(body)))
    return {tuple(found.path.split(".")) for found in schema.violations(ref.request, whole) if found.problem == MISSING}


def _removed_by_hand(ref: Ref, path: Path) -> Problem:
    kind, login = KINDS[ref.kind], path[:-1]
    object_ = (kind.section, ref.name) if kind.is_collection else (kind.section,)
    return Problem(
        key_at(*object_, *path),
        f"the server has no {model.dotted(login)}, and a change cannot set it without this secret",
        fix=f"{secret(key_at(*object_, *path))}, or remove {key_at(*object_, *login)} from the stack file",
    )


def lost_by_a_change(ref: Ref, secrets: list[str]) -> Problem:
    what = " and ".join(secrets)
    problem = f"the server has {what}, which it does not show, and a change would wipe it"
    return Problem(str(ref), problem, fix=f"declare {what} as a secret")


def kept(kind: Kind, live: Values, body: Values, before: Values) -> dict[str, Any]:
    """The body with the placeholder for each secret to keep; a secret that was declared `before` is removed."""
    result, whole = dict(body), model.deep_merge(live, body)
    for path in (path for path, stays in kind.placeholders.items() if stays):
        undeclared = model.at(body, path) is None and model.at(before, path) is None
        if undeclared and _is_used(path, model.at(whole, path[:-1]) or {}):
            result = model.put(result, path, PLACEHOLDER)
    return result


def _is_dropped(kind: Kind, path: Path, live: Values, whole: Values, body: Values) -> bool:
    had, owner = model.at(live, path[:-1]), model.at(whole, path[:-1])
    if not isinstance(had, Mapping) or not isinstance(owner, Mapping) or model.at(body, path) is not None:
        return False
    shown = owner.get(path[-1])
    if kind.placeholders.get(path) is False:
        return bool(shown == PLACEHOLDER)
    return not shown and _is_used(path, owner)


def _is_used(path: Path, owner: Values) -> bool:
    """Whether the object that would hold the secret has a login that needs it."""
    name = path[-1]
    if name in ("passphrase", "keypair"):
        return True
    if owner.get("type") in _OF_TYPE:
        return _OF_TYPE[owner["type"]] == name
    if "enabled" in owner and owner["enabled"] is False and len(path) > 1:
        return False
    return any(owner.get(key) for key in _LOGINS)


def unset_removed_fields(
    kind: Kind,
    ref: Ref,
    live: Values,
    declared: Values,
    before: Values,
    former: Values,
) -> Values:
    """The current state without the fields that were declared `before` and no longer are.

    A field that has a prior value in `former` gets it back; a field that requests must have stays unchanged.
    """
    if kind.body_key or not schema.known(ref.request):
        return live
    names = kind.both_names(declared), kind.both_names(before)
    return _without(live, *names, former, schema.demanded_paths(ref.request))


def _without(
    live: Values,
    declared: Values,
    before: Values,
    former: Values,
    demanded: frozenset[Path],
    at: Path = (),
) -> Values:
    left = dict(live)
    for name in before.keys() & live.keys():
        path, earlier = (*at, name), _something(former.get(name))
        if name in declared or isinstance(earlier, Mapping) or path in demanded:
            values = live[name], declared.get(name), before[name], earlier
            there, *rest = (value if isinstance(value, Mapping) else {} for value in values)
            left[name] = _without(there, rest[0], rest[1], rest[2], demanded, path) if there else live[name]
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
