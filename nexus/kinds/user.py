"""Users of Nexus, of a SAML and of an OAuth2 provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from nexus.kinds.base import Collection
from nexus.kinds.form import Body
from nexus.model import Ref

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.objects.objects import Objects

_PERMANENT = {"anonymous": {"roles": ["nx-anonymous"]}}
"""As shipped: any other role given here would stay with clients that do not log in."""
CHANGE_PASSWORD = "/v1/security/users/{name}/change-password"
DISABLED = {"status": "disabled", "roles": []}
"""What a user that the API cannot delete is set to."""


class User(Collection):
    """A user whose password Nexus has."""

    has_password: ClassVar[bool] = True

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        return super().is_own(entry) or entry.get("userId") in ("admin", *_PERMANENT)

    def declarable(self, ref: Ref, live: Mapping[str, Any]) -> Body:
        return {key: value for key, value in super().declarable(ref, live).items() if key != "source"}

    def is_permanent(self, name: str) -> bool:
        return name in _PERMANENT

    def picked(self, ref: Ref, answer: Any) -> Any:
        """The query is a prefix match that ignores case."""
        return next((entry for entry in answer or [] if entry[self.identity] == ref.name), None)

    def request(self, ref: Ref, body: Mapping[str, Any], *, creates: bool = False) -> Any:
        return super().request(ref, {"source": "default", **body}, creates=creates)

    def after_put(self, client: NexusClient, ref: Ref, body: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        secret = body.get("password")
        if secret and secret != before.get("password"):
            client.put_text(ref.path(CHANGE_PASSWORD), str(secret))

    def remove_from(self, objects: Objects, ref: Ref) -> None:
        if ref.name in _PERMANENT:
            objects.update(ref, _PERMANENT[ref.name])
        else:
            super().remove_from(objects, ref)


class OAuth2User(Collection):
    """A user whom the API cannot delete."""

    def is_disabled(self, ref: Ref, live: Mapping[str, Any]) -> bool:
        return not self.differing(ref, live, DISABLED)

    def remove_from(self, objects: Objects, ref: Ref) -> None:
        objects.update(ref, DISABLED)


USER = User(
    token="User",
    section="users",
    refers={("roles",): "role"},
    create="/v1/security/users",
    item="/v1/security/users/{name}",
    remove="/v1/security/users/{name}",
    read="/v1/security/users?userId={name}&source=default",
    listing="/v1/security/users?source=default",
    identity="userId",
    unordered=frozenset({("roles",)}),
)
SAML_USER = Collection.at(
    "/v1/security/saml/users",
    token="SamlUser",
    section="samlUsers",
    after=("saml",),
    refers={("roles",): "role"},
    identity="userId",
    unordered=frozenset({("roles",)}),
)
OAUTH2_USER = OAuth2User.at(
    "/v1/security/oauth2/users",
    token="OAuth2User",
    section="oauth2Users",
    after=("oauth2",),
    refers={("roles",): "role"},
    identity="userId",
    unordered=frozenset({("roles",)}),
)
