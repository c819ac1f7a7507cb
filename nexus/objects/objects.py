"""Reads and writes an object of any kind."""

import json
import time
from collections.abc import Mapping
from typing import Any

from nexus.advice import ADOPT
from nexus.errors import (
    AlreadyExists,
    AnswerLost,
    GatewayError,
    Ignored,
    NexusError,
    NotFound,
    ReadOnly,
    Rejected,
    ServerFault,
)
from nexus.http.client import NexusClient
from nexus.kinds.base import Kind
from nexus.model import Ref
from nexus.objects.quirks import ServerVersion
from nexus.objects.reader import Reader
from nexus.objects.undeclared import kept, refuse_undeclared, unset_removed_fields
from nexus.problem import Problem

# In all as long as the transport repeats a PUT that is answered with 503.
_BUSY_WAITS = (0.3, 0.6, 1.2, 2.4)
# Nexus refuses a deletion for a moment while it still removes what used the object.
_DELETE_WAITS = (0.5, 1.0, 2.0)


class Sender:
    """Sends the requests that change an object, in the form that the server's release accepts."""

    def __init__(self, client: NexusClient) -> None:
        self._client = client
        self._server_version = ServerVersion(client)
        self._frozen: ReadOnly | None = None

    def post(self, kind: Kind, ref: Ref, body: Mapping[str, Any]) -> Any:
        """Creates an object; returns the answer, which some kinds do not have."""
        wanted = kind.request(ref, kind.both_names(body), creates=True)
        if isinstance(wanted, str):
            return self._client.post_text(ref.path(kind.create), wanted)
        return self._client.post(ref.path(kind.create), self._server_version.adapted(ref.request, wanted))

    def put(self, kind: Kind, ref: Ref, body: Mapping[str, Any]) -> None:
        """Changes an object; the body must be complete.

        Raises:
            Rejected: the server has no such setting, or would lock this machine out.
        """
        if self._frozen is not None:
            raise self._frozen
        wanted = kind.request(ref, body)
        kind.refuse_lockout(self._client, ref, wanted)
        try:
            send = self._client.post if kind.change_method == "POST" else self._client.put
            send(ref.path(kind.item), self._server_version.adapted(ref.request, wanted))
        except ReadOnly as error:
            self._frozen = error  # each further PUT would leave its repository stopped
            raise
        except NotFound as error:
            if kind.is_collection:
                raise
            lacking = Problem(str(ref), "this server or its edition does not have it", fix="remove it", got=str(error))
            raise Rejected(lacking) from None

    def delete(self, path: str) -> None:
        """Deletes an object; tries a few times while something uses it."""
        for wait in _DELETE_WAITS:
            try:
                return self._client.delete(path)
            except (Rejected, ServerFault) as error:
                if isinstance(error, Rejected) and "in use" not in str(error):
                    raise
                time.sleep(wait)
        return self._client.delete(path)


class Objects(Reader):
    """The objects of one server. Writes are read back; an error names the fields that the server did not keep."""

    def __init__(self, client: NexusClient) -> None:
        super().__init__(client)
        self.sender = Sender(client)
        self._kept: set[tuple[str, str]] = set()
        """Bodies that this server is known to keep completely: the same under another name is not read back."""

    def create(self, ref: Ref, body: Mapping[str, Any]) -> str:
        """Creates the object; returns its id on the server, empty for kinds that have a name.

        Raises:
            AlreadyExists: there is one of that name that differs from the wanted one.
            Ignored: the server dropped a field; the new object is removed again.
        """
        kind = self.kind(ref.kind)
        if not kind.is_collection:
            kind.set_on(self, ref, body)
            return ""
        same = (ref.request, json.dumps(body, sort_keys=True))
        made = None
        try:
            made = self.sender.post(kind, ref, body)
            if same in self._kept:
                return ""
        except GatewayError as error:
            made = self._posted_again(kind, ref, body, error)
        except (Rejected, AnswerLost, ServerFault) as error:
            self._settle(ref, body, error)
        finally:
            self._listings.forget()
        id_ = self._read_back(kind, ref, body, made)
        if not kind.id_field:
            self._kept.add(same)
        return id_

    def update(
        self,
        ref: Ref,
        body: Mapping[str, Any],
        before: Mapping[str, Any] | None = None,
        former: Mapping[str, Any] | None = None,
    ) -> None:
        """Changes the object with a complete body: the declaration merged over the current state.

        Fields that were declared `before` and no longer are get their `former` value, or are removed if there is none.
        """
        kind = self.kind(ref.kind)
        live = self.live(ref, body)
        if live is None and kind.is_collection:
            raise NotFound(Problem(str(ref), "is not on the server any more", fix="make up, which recreates it"))
        if kind.id_field:
            ref = ref.with_id(str((live or {})[kind.id_field]))
        kind.refuse_move(ref, lambda: live, body)
        left = unset_removed_fields(kind, ref, live or {}, body, before or {}, former or {})
        refuse_undeclared(ref, left, body)
        self.sender.put(kind, ref, kind.complete(left, kept(kind, left, body, before or {})))
        kind.after_put(self.client, ref, body, before or {})
        self._listings.forget()
        ignored = self.ignored(ref, body)
        if ignored:
            raise self._not_kept(ref, ignored)

    def delete(self, ref: Ref) -> None:
        """Deletes the object; it is no error if it is already gone."""
        kind = self.kind(ref.kind)
        try:
            if kind.id_field and not ref.id:
                live = self.live(ref)
                if live is None:
                    return
                ref = ref.with_id(str(live[kind.id_field]))
            kind.remove_from(self, ref)
        except NotFound:
            # Nexus also answers 404 when one of its own checks forbids the deletion.
            if kind.is_collection and self.live(ref) is not None:
                raise
        finally:
            self._listings.forget()

    def ignored(self, ref: Ref, body: Mapping[str, Any]) -> list[str]:
        """The fields of the body that the server did not keep as they were sent."""
        return self.kind(ref.kind).differing(ref, self.live(ref, body) or {}, body)

    def _posted_again(self, kind: Kind, ref: Ref, body: Mapping[str, Any], error: NexusError) -> Any:
        """The answer of a server that was busy: it gets the request again, unless it has the object already.

        Raises:
            NexusError: it is still busy after a few seconds, or refuses the request.
        """
        for wait in _BUSY_WAITS:
            time.sleep(wait)
            if self.live(ref, body) is not None:
                return self._settle(ref, body, error)
            try:
                return self.sender.post(kind, ref, body)
            except GatewayError as busy:
                error = busy
        raise error

    def _read_back(self, kind: Kind, ref: Ref, body: Mapping[str, Any], made: Any) -> str:
        """Reads a new object back, by the id in the answer if it has one; returns its id.

        Raises:
            Ignored: the server dropped a field; the object is removed again.
        """
        if kind.id_field and isinstance(made, Mapping) and made.get(kind.id_field):
            ref = ref.with_id(str(made[kind.id_field]))
        live = self.live(ref, body) or {}
        ignored = kind.differing(ref, live, body)
        if ignored:
            self.delete(ref)
            raise self._not_kept(ref, ignored)
        return str(live.get(kind.id_field, "")) if kind.id_field else ""

    @staticmethod
    def _not_kept(ref: Ref, ignored: list[str]) -> Ignored:
        what = ", ".join(ignored)
        fix = "remove it, or run a release that keeps it"
        return Ignored(Problem(str(ref), f"Nexus does not keep {what}", fix=fix))

    def _settle(self, ref: Ref, body: Mapping[str, Any], error: NexusError) -> None:
        """A create that was refused or whose answer was lost has succeeded if the server has just what is wanted."""
        live = self.live(ref, body)
        if live is None:
            raise self._other(ref, error)
        kind = self.kind(ref.kind)
        others = kind.differing(ref, live, body)
        if others and kind.is_disabled(ref, live):
            return self.update(ref, body)
        if others:
            raise AlreadyExists(already_there(ref, others, str(error))) from None
        return None

    def _other(self, ref: Ref, error: NexusError) -> NexusError:
        """The error, or another one if an object of another type has the name."""
        try:
            what = self.kind(ref.kind).taken_by(self.client, ref)
        except NexusError:
            return error
        if not what:
            return error
        taken_by = Problem(str(ref), f"the name is taken by a {what}", fix="give it another name", got=str(error))
        return AlreadyExists(taken_by)


def already_there(ref: Ref, differences: list[str], refusal: str = "") -> Problem:
    """The problem of an existing object that is not in the stack and differs from the declared one."""
    return Problem(
        str(ref), f"is on the server already and differs in {', '.join(differences)}", fix=ADOPT, got=refusal
    )
