"""Which password opens the server, and the exchange of a new server's first one."""

import threading

from nexus.errors import Rejected, Unauthorized
from nexus.http.client import NexusClient, segment
from nexus.http.connection import Connection

# An administrator may read it, and it is small.
_PROBE = "/v1/security/realms/active"


class Access:
    """The administrator's way in. The wanted password is tried first, always."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._reader: NexusClient | None = None

    def reader(self) -> NexusClient:
        """A client whose login works. A server that still has its first password is read with that.

        Raises:
            Unauthorized: it knows neither password.
        """
        with self._lock:
            if self._reader is None:
                self._reader = self._opened()
            return self._reader

    def writer(self) -> NexusClient:
        """A client with the wanted password; a new server gets it before anything else is done there."""
        with self._lock:
            if self._reader is None or self._reader.is_first_login:
                self._reader = self._opened()
                if self._reader.is_first_login:
                    self._replace(self._connection.initial_password)
                    self._reader = NexusClient(self._connection)
            return self._reader

    def is_new(self) -> bool:
        """Whether the server has never been set up: it knows its first password only."""
        return self.reader().is_first_login

    def rotate(self, old: str) -> None:
        """Gives the server the wanted password in place of the old one; it may have it already.

        Raises:
            Rejected: the server is a new one, on which nothing that the state speaks of exists.
        """
        try:
            if self.is_new():
                raise Rejected(
                    f"{self._connection.url} is a new server with an empty data volume, yet the state speaks of "
                    f"repositories on it: run `pulumi up --refresh` (or `make up`) once more to have them made again"
                )
        except Unauthorized:
            self._replace(old)

    def _opened(self) -> NexusClient:
        client = NexusClient(self._connection)
        refusal = _refusal(client)
        if refusal is None:
            return client
        if self._connection.initial_password:
            first = NexusClient(self._connection, first_login=True)
            if _refusal(first) is None:
                return first
        raise refusal

    def _replace(self, old: str) -> None:
        user = self._connection.username
        path = f"/v1/security/users/{segment(user)}/change-password"
        try:
            NexusClient(self._connection, old).put_text(path, self._connection.password)
        except Unauthorized:
            raise Unauthorized(
                f"{self._connection.url} knows user {user} neither with the password of passwords.{user} nor with the "
                f"one before it: if it was changed by hand, tell the stack: "
                f"pulumi config set --secret --path passwords.{user}"
            ) from None


def _refusal(client: NexusClient) -> Unauthorized | None:
    """Why the server does not let the client in; None when it does."""
    try:
        client.get(_PROBE)
    except Unauthorized as error:
        return error
    return None
