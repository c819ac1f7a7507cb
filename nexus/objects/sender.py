import time
from collections.abc import Mapping
from typing import Any

from nexus.errors import NotFound, ReadOnly, Rejected, ServerFault
from nexus.http.client import NexusClient
from nexus.kinds.base import Kind
from nexus.objects.quirks import ServerVersion
from nexus.objects.ref import Ref
from nexus.problem import Problem

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
        return self._client.post(ref.path(kind.create), self._adapted(ref, wanted))

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
            send(ref.path(kind.item), self._adapted(ref, wanted))
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

    def _adapted(self, ref: Ref, wanted: Any) -> Any:
        return self._server_version.adapted(ref.request, wanted) if isinstance(wanted, Mapping) else wanted
