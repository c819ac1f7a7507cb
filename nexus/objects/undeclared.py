"""Secrets that are set on the server and not declared: a PUT replaces the whole object and would drop them."""

from collections.abc import Mapping
from typing import Any

from nexus import model, schema
from nexus.errors import Rejected
from nexus.kinds import KINDS
from nexus.kinds.base import Kind
from nexus.objects.ref import Ref
from nexus.problem import Problem

PLACEHOLDER = "#~NXRM~PLACEHOLDER~PASSWORD~#"
"""What Nexus shows instead of some secrets; if it is sent back, the secret stays (seen on 3.77: e-mail, S3)."""

# A login has only the secret of its type.
_OF_TYPE = {"username": "password", "ntlm": "password", "bearerToken": "bearerToken"}
_LOGINS = ("username", "authUsername", "accessKeyId", "applicationName", "clientId")


def undeclared_secrets(ref: Ref, live: Mapping[str, Any] | None, body: Mapping[str, Any]) -> list[str]:
    """The secrets that the server has and that a change with this body would drop.

    Users have none: their PUT does not change the password.
    """
    kind = KINDS[ref.kind]
    if not live or kind.has_password or not schema.known(ref.request):
        return []
    whole = model.deep_merge(live, body)
    paths = (path for path in schema.secret_paths(ref.request) if not kind.placeholders.get(path))
    return sorted(model.dotted(path) for path in paths if _is_dropped(kind, path, live, whole, body))


def refuse_undeclared(ref: Ref, live: Mapping[str, Any] | None, body: Mapping[str, Any]) -> None:
    """Refuses a PUT that would wipe a secret that is not declared.

    Raises:
        Rejected: there is such a secret.
    """
    lost = undeclared_secrets(ref, live, body)
    if lost:
        raise Rejected(lost_by_a_change(ref, lost))


def lost_by_a_change(ref: Ref, secrets: list[str]) -> Problem:
    what = " and ".join(secrets)
    problem = f"the server has {what}, which it does not show, and a change would wipe it"
    return Problem(str(ref), problem, fix=f"declare {what} as a secret")


def kept(kind: Kind, live: Mapping[str, Any], body: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the placeholder for each secret to keep; a secret that was declared `before` is removed."""
    result, whole = dict(body), model.deep_merge(live, body)
    for path in (path for path, stays in kind.placeholders.items() if stays):
        undeclared = model.at(body, path) is None and model.at(before, path) is None
        if undeclared and _is_used(path, model.at(whole, path[:-1]) or {}):
            result = model.restore_paths(result, model.nested(path, PLACEHOLDER), [path])
    return result


def _is_dropped(
    kind: Kind, path: model.Path, live: Mapping[str, Any], whole: Mapping[str, Any], body: Mapping[str, Any]
) -> bool:
    had, owner = model.at(live, path[:-1]), model.at(whole, path[:-1])
    if not isinstance(had, Mapping) or not isinstance(owner, Mapping) or model.at(body, path) is not None:
        return False
    shown = owner.get(path[-1])
    if kind.placeholders.get(path) is False:
        return bool(shown == PLACEHOLDER)
    return not shown and _is_used(path, owner)


def _is_used(path: model.Path, owner: Mapping[str, Any]) -> bool:
    """Whether the object that would hold the secret has a login that needs it."""
    name = path[-1]
    if name in ("passphrase", "keypair"):
        return True
    if owner.get("type") in _OF_TYPE:
        return _OF_TYPE[owner["type"]] == name
    if "enabled" in owner and owner["enabled"] is False and len(path) > 1:
        return False
    return any(owner.get(key) for key in _LOGINS)
