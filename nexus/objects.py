"""Reading and writing one object, whatever its kind."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nexus import bodies, model, schema
from nexus.bodies import Body
from nexus.client import NexusClient
from nexus.errors import (
    AlreadyExists,
    AnswerLost,
    Ignored,
    NexusError,
    NotFound,
    Rejected,
    ServerFault,
    Unreachable,
)
from nexus.generations import Generation
from nexus.kind import Kind, Shape
from nexus.kinds import KINDS
from nexus.listings import Listings, fetched
from nexus.lock_out import refuse_lock_out
from nexus.ref import Ref

# A deletion is refused for a moment while what used the object is still going.
_DELETE_WAITS = (0.5, 1.0, 2.0)


class Objects:
    """The objects of one server, in the words of its API's requests."""

    def __init__(self, client: NexusClient) -> None:
        self.client = client
        self.generation = Generation(client)
        self._listings = Listings(client)
        self._moved: dict[str, bool] = {}
        self._kept: set[tuple[str, str]] = set()
        """Bodies that this server was seen to keep whole: the same under another name needs no second look."""

    def kind(self, name: str) -> Kind:
        """The row of the kind, with the paths that this server has."""
        kind = KINDS[name]
        if kind.fallback is None:
            return kind
        usual, other = kind.fallback
        if name not in self._moved:
            self._moved[name] = not self._answers(usual)
        if not self._moved[name]:
            return kind
        moved = {key: getattr(kind, key).replace(usual, other, 1) for key in ("create", "item", "remove", "listing")}
        return replace(kind, **moved)

    def live(self, ref: Ref, like: Mapping[str, Any] | None = None) -> Body | None:
        """What the server has under the names of the request; None when there is no such object.

        Of several that could be meant it is the one that is most `like` what is wanted.
        """
        kind = self.kind(ref.kind)
        try:
            return bodies.asked(kind, self._found(kind, ref, like))
        except NotFound:
            return None

    def listed(self, ref: Ref, declared: Mapping[str, Any]) -> Body | None:
        """The same out of a list that is at most a few seconds old, for reading many objects with few requests."""
        kind = self.kind(ref.kind)
        if not kind.listing:
            return self.live(ref)
        if kind.assigned:
            entries = self._listings.entries(kind.listing, kind.page)
            return bodies.asked(kind, self._chosen(kind, ref, entries, declared))
        found = self._listings.entry(kind.listing, kind.identity, ref.name)
        if found is None or self._is_another(kind, ref, found):
            return None
        if kind.unlisted:
            if set(declared) - kind.unlisted - set(found):
                return self.live(ref)
            found = {**{key: declared[key] for key in kind.unlisted if key in declared}, **found}
        return bodies.asked(kind, found)

    def entries(self, name: str) -> list[Body]:
        """Every object of a kind, as the server lists them."""
        kind = self.kind(name)
        return [bodies.asked(kind, entry) or {} for entry in fetched(self.client, kind.listing, kind.page)]

    def create(self, ref: Ref, body: Mapping[str, Any]) -> str:
        """Makes the object; gives back the server's id of it, empty for kinds that have a name.

        Raises:
            AlreadyExists: there is one of that name that differs from the wanted one.
            Ignored: the server left a field out; what it made is taken away again.
        """
        kind = self.kind(ref.kind)
        if kind.shape is not Shape.COLLECTION:
            if not kind.sequence or self.ignored(ref, body):
                self.update(ref, body)
            return ""
        made = None
        same = (ref.request, json.dumps(body, sort_keys=True))
        try:
            made = self._post(kind, ref, body)
            if same in self._kept:
                return ""
        except (Rejected, AnswerLost, ServerFault) as error:
            self._settle(ref, body, error)
        finally:
            self._listings.forget()
        if kind.assigned and isinstance(made, Mapping) and made.get(kind.assigned):
            ref = ref.with_id(str(made[kind.assigned]))
        live = self.live(ref, body) or {}
        ignored = self.differing(ref, live, body)
        if ignored:
            self.delete(ref)
            raise self._not_kept(ref, ignored)
        if kind.assigned:
            return str(live.get(kind.assigned, ""))
        self._kept.add(same)
        return ""

    def update(self, ref: Ref, body: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
        """Changes the object with a complete body: what is declared over what the server has."""
        kind = self.kind(ref.kind)
        live = self.live(ref, body)
        if kind.shape is Shape.AGREEMENT:
            return self._agree(kind, live, body)
        if live is None and kind.shape is Shape.COLLECTION:
            raise NotFound(f"{ref} is not on the server any more: run `pulumi up --refresh`")
        ref = self._located(kind, ref, live)
        wanted = bodies.request(kind, ref, bodies.complete(kind, live or {}, body))
        self._put(kind, ref, wanted)
        secret = body.get("password")
        if kind.password and secret and secret != (before or {}).get("password"):
            self.client.put_text(ref.path(kind.password), str(secret))
        self._listings.forget()
        ignored = self.ignored(ref, body)
        if ignored:
            raise self._not_kept(ref, ignored)
        return None

    def delete(self, ref: Ref) -> None:
        """Takes the object away; one that is gone already is fine."""
        kind = self.kind(ref.kind)
        try:
            if kind.assigned and not ref.id:
                live = self.live(ref)
                if live is None:
                    return
                ref = self._located(kind, ref, live)
            self._remove(kind, ref)
        except NotFound:
            # Nexus also says 404 when a check of its own forbids the deletion.
            if kind.shape is Shape.COLLECTION and self.live(ref) is not None:
                raise
        finally:
            self._listings.forget()

    def ignored(self, ref: Ref, body: Mapping[str, Any]) -> list[str]:
        """The fields of the body that the server does not have as they were sent."""
        return self.differing(ref, self.live(ref, body) or {}, body)

    def differing(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
        """The fields in which what is live is not what is declared; what no answer holds is not among them."""
        kind = KINDS[ref.kind]
        if kind.wrapped and kind.key:
            return [] if live and kind.key(live) == kind.key(body) else [kind.wrapped]
        wanted = model.without(dict(body), self.hidden(ref, live))
        return [model.dotted(path) for path in bodies.changes(kind, bodies.managed(kind, live, wanted), wanted)]

    def hidden(self, ref: Ref, live: Mapping[str, Any] | None = None) -> frozenset[model.Path]:
        """The paths that no answer of the server holds: its secrets, what it never gives back, what it left out."""
        kind = KINDS[ref.kind]
        secrets = schema.secret_paths(ref.request) if schema.known(ref.request) else frozenset()
        lacking = {(key,) for key in kind.sparse if live is not None and live.get(key) is None}
        return secrets | kind.unreadable | lacking

    def _answers(self, path: str) -> bool:
        try:
            self.client.get(path)
        except Unreachable:
            raise
        except NexusError:
            return False
        return True

    def _found(self, kind: Kind, ref: Ref, like: Mapping[str, Any] | None) -> Any:
        if kind.assigned:
            return self._chosen(kind, ref, fetched(self.client, kind.listing, kind.page), like)
        if kind.lookup:
            entries = self.client.get(ref.path(kind.lookup)) or []
            return next((entry for entry in entries if entry[kind.identity] == ref.name), None)
        found = self.client.get(ref.path(kind.read or kind.item))
        return None if self._is_another(kind, ref, found) else found

    def _chosen(self, kind: Kind, ref: Ref, entries: Any, like: Mapping[str, Any] | None) -> Any:
        if ref.id:
            return next((entry for entry in entries if entry[kind.assigned] == ref.id), None)
        assert kind.key is not None  # noqa: S101 - the table of kinds gives one wherever there is an assigned id
        same = [entry for entry in entries if kind.key(entry) == ref.key]
        if like is not None:
            same.sort(key=lambda entry: len(self.differing(ref, bodies.asked(kind, entry) or {}, like)))
        return next(iter(same), None)

    def _located(self, kind: Kind, ref: Ref, live: Mapping[str, Any] | None) -> Ref:
        return ref.with_id(str((live or {})[kind.assigned])) if kind.assigned else ref

    def _post(self, kind: Kind, ref: Ref, body: Mapping[str, Any]) -> Any:
        wanted = bodies.request(kind, ref, bodies.both_names(kind, body))
        if isinstance(wanted, str):
            return self.client.post_text(ref.path(kind.create), wanted)
        return self.client.post(ref.path(kind.create), self._adapted(ref, wanted))

    def _put(self, kind: Kind, ref: Ref, wanted: Any) -> None:
        refuse_lock_out(self.client, kind, ref, wanted)
        try:
            send = self.client.post if kind.change else self.client.put
            send(ref.path(kind.change or kind.item), self._adapted(ref, wanted))
        except NotFound as error:
            if kind.shape is Shape.COLLECTION:
                raise
            raise Rejected(f"{ref}: this server or its edition does not have it: take it out ({error})") from None

    def _adapted(self, ref: Ref, wanted: Any) -> Any:
        return self.generation.adapted(ref.request, wanted) if isinstance(wanted, Mapping) else wanted

    def _remove(self, kind: Kind, ref: Ref) -> None:
        if kind.farewell:
            self.update(ref, kind.farewell)
        elif kind.bulk:
            self.client.delete(kind.bulk, [ref.id])
        else:
            self._delete(ref.path(kind.remove))

    def _delete(self, path: str) -> None:
        for wait in _DELETE_WAITS:
            try:
                return self.client.delete(path)
            except (Rejected, ServerFault) as error:
                if isinstance(error, Rejected) and "in use" not in str(error):
                    raise
                time.sleep(wait)
        return self.client.delete(path)

    @staticmethod
    def _not_kept(ref: Ref, ignored: list[str]) -> Ignored:
        what = ", ".join(ignored)
        return Ignored(f"{ref}: Nexus does not keep {what}: take it out or check the server's version")

    @staticmethod
    def _is_another(kind: Kind, ref: Ref, found: Any) -> bool:
        """Whether what has the name is of another type or format (`maven` is answered as `maven2`)."""
        if kind.typed:
            return isinstance(found, Mapping) and found.get(kind.typed) != ref.type
        if ref.kind != "repository":
            return False
        return (str(found.get("format")).removesuffix("2"), found.get("type")) != (
            ref.format.removesuffix("2"),
            ref.type,
        )

    def _settle(self, ref: Ref, body: Mapping[str, Any], error: NexusError) -> None:
        """A create that was refused or whose answer was lost: it stands if the server has just what is wanted."""
        live = self.live(ref, body)
        if live is None:
            raise self._other(ref, error)
        differing = self.differing(ref, live, body)
        farewell = self.kind(ref.kind).farewell
        if differing and farewell and not self.differing(ref, live, farewell):
            return self.update(ref, body)
        if differing:
            raise AlreadyExists(
                f"{ref} is on the server already and differs in {', '.join(differing)}: set `adopt: true` there to "
                f"take it over, or give it another name ({error})"
            ) from None
        return None

    def _other(self, ref: Ref, error: NexusError) -> NexusError:
        """A name can be taken by an object of another type."""
        at = {"repository": "/v1/repositories/{name}", "privilege": "/v1/security/privileges/{name}"}.get(ref.kind)
        if at is None:
            return error
        try:
            taken = self.client.get(ref.path(at))
        except NexusError:
            return error
        what = " ".join(str(taken[key]) for key in ("format", "type") if key in taken and ref.kind == "repository")
        what = f"{what or taken.get('type')} {ref.kind}"
        return AlreadyExists(f"{ref}: the name is taken by a {what}: give it another name ({error})")

    def _agree(self, kind: Kind, live: Body | None, body: Mapping[str, Any]) -> None:
        """Accepts the text that the server shows; a server that shows none asks for no agreement."""
        if live is not None and any(live.get(key) != value for key, value in body.items() if value):
            self.client.post(kind.item, {**live, **body})
