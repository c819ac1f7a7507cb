"""Reading and writing one object, whatever its kind."""

from collections.abc import Mapping
from typing import Any

from nexus import model, schema
from nexus.client import NexusClient
from nexus.errors import AlreadyExists, AnswerLost, Ignored, NexusError, NotFound, Rejected
from nexus.kind import Kind, Shape
from nexus.kinds import KINDS
from nexus.listings import Listings
from nexus.ref import Ref

Body = dict[str, Any]


class Objects:
    """The objects of one server, in the words of its API's requests."""

    def __init__(self, client: NexusClient) -> None:
        self.client = client
        self._listings = Listings(client)

    def live(self, ref: Ref) -> Body | None:
        """What the server has under the names of the request; None when there is no such object."""
        kind = KINDS[ref.kind]
        try:
            return self._as_asked(kind, self._found(kind, ref))
        except NotFound:
            return None

    def listed(self, ref: Ref) -> Body | None:
        """The same out of a list that is at most a few seconds old, for reading many objects with few requests."""
        kind = KINDS[ref.kind]
        if not kind.listing:
            return self.live(ref)
        found = self._listings.entry(kind.listing, kind.identity, ref.name)
        return None if found is None or self._is_another(ref, found) else self._as_asked(kind, found)

    def create(self, ref: Ref, body: Mapping[str, Any]) -> None:
        """Makes the object.

        Raises:
            AlreadyExists: there is one of that name that differs from the wanted one.
            Ignored: the server left a field out; what it made is taken away again.
        """
        kind = KINDS[ref.kind]
        if kind.shape is not Shape.COLLECTION:
            return self.update(ref, body)
        try:
            self.client.post(ref.path(kind.create), self._request(kind, ref, body))
        except (Rejected, AnswerLost) as error:
            self._settle(ref, body, error)
        self._listings.forget()
        ignored = self.ignored(ref, body)
        if ignored:
            self.delete(ref)
            raise Ignored(f"{ref}: Nexus does not keep {', '.join(ignored)}: take it out or check the server's version")
        return None

    def update(self, ref: Ref, body: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
        """Changes the object with a complete body: what is declared over what the server has."""
        kind = KINDS[ref.kind]
        live = self.live(ref)
        if live is None:
            raise NotFound(f"{ref} is not on the server any more: run `pulumi up --refresh`")
        if kind.shape is Shape.AGREEMENT:
            return self._agree(kind, live, body)
        whole = model.overlaid(live, body)
        self.client.put(ref.path(kind.item), whole[kind.wrapped] if kind.wrapped else self._request(kind, ref, whole))
        secret = body.get("password")
        if kind.password and secret and secret != (before or {}).get("password"):
            self.client.put_text(ref.path(kind.password), str(secret))
        self._listings.forget()
        ignored = self.ignored(ref, body)
        if ignored:
            raise Ignored(f"{ref}: Nexus does not keep {', '.join(ignored)}: take it out or check the server's version")
        return None

    def delete(self, ref: Ref) -> None:
        """Takes the object away; one that is gone already is fine."""
        try:
            self.client.delete(ref.path(KINDS[ref.kind].remove))
        except NotFound:
            # Nexus also says 404 when a check of its own forbids the deletion.
            if self.live(ref) is not None:
                raise
        finally:
            self._listings.forget()

    def ignored(self, ref: Ref, body: Mapping[str, Any]) -> list[str]:
        """The fields of the body that the server does not have as they were sent."""
        kind = KINDS[ref.kind]
        wanted = model.without(dict(body), self.hidden(ref))
        have = model.managed(self.live(ref) or {}, wanted)
        return [model.dotted(path) for path in model.changes(have, wanted, kind.unordered)]

    @staticmethod
    def hidden(ref: Ref) -> frozenset[model.Path]:
        """The paths that no answer of the server holds: its secrets and what it never gives back."""
        secrets = schema.secret_paths(ref.request) if schema.known(ref.request) else frozenset()
        return secrets | KINDS[ref.kind].unreadable

    def _found(self, kind: Kind, ref: Ref) -> Any:
        if kind.lookup:
            entries = self.client.get(ref.path(kind.lookup)) or []
            return next((entry for entry in entries if entry[kind.identity] == ref.name), None)
        return self.client.get(ref.path(kind.item))

    @staticmethod
    def _as_asked(kind: Kind, found: Any) -> Body | None:
        if kind.wrapped:
            return {kind.wrapped: found}
        return found and {**found, **{asked: found.get(told) for asked, told in kind.answered.items()}}

    @staticmethod
    def _is_another(ref: Ref, found: Mapping[str, Any]) -> bool:
        """Whether a repository of that name has another format or type (`maven` is answered as `maven2`)."""
        if ref.kind != "repository":
            return False
        return (str(found.get("format")).removesuffix("2"), found.get("type")) != (ref.format, ref.type)

    def _settle(self, ref: Ref, body: Mapping[str, Any], error: NexusError) -> None:
        """A create that was refused or whose answer was lost: it stands if the server has just what is wanted."""
        if self.live(ref) is None:
            raise self._other(ref, error)
        differing = self.ignored(ref, body)
        if differing:
            raise AlreadyExists(
                f"{ref} is on the server already and differs in {', '.join(differing)}: set `adopt: true` there to "
                f"take it over, or give it another name ({error})"
            ) from None

    def _other(self, ref: Ref, error: NexusError) -> NexusError:
        """A repository's name is taken whatever the format of the one that has it."""
        if ref.kind != "repository":
            return error
        try:
            taken = self.client.get(f"/v1/repositories/{ref.path('{name}')}")
        except NexusError:
            return error
        what = f"{taken.get('format')} {taken.get('type')}"
        return AlreadyExists(f"{ref}: the name is taken by a {what} repository: give it another name ({error})")

    @staticmethod
    def _request(kind: Kind, ref: Ref, body: Mapping[str, Any]) -> Body:
        return {**kind.constants, **body, kind.identity: ref.name} if kind.shape is Shape.COLLECTION else dict(body)

    def _agree(self, kind: Kind, live: Body, body: Mapping[str, Any]) -> None:
        if body.get("accepted") and not live.get("accepted"):
            self.client.post(kind.item, {"accepted": True, "disclaimer": live.get("disclaimer")})
