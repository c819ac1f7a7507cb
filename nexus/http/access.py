"""Which password opens the server, and the exchange of a new server's first one."""

import threading
from collections.abc import Iterator

from nexus.errors import NexusError, NotFound, ReadOnly, Rejected, Unauthorized, Unreachable
from nexus.http.client import NexusClient, segment
from nexus.http.connection import Connection
from nexus.http.wanted import wanted

# An administrator may read it, and it is small.
_PROBE = "/v1/security/realms/active"
_WRITABLE = "/v1/status/writable"


class Access:
    """The administrator's way in. The wanted password is tried first, always."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._reader: NexusClient | None = None
        self._is_writable = False

    def reader(self, *, look_up: bool = False) -> NexusClient:
        """A client whose login works. A server that still has its first password is read with that.

        With `look_up` the password and the URL that the stack file has by now are tried as well.

        Raises:
            Unauthorized: it takes none of the passwords.
        """
        with self._lock:
            if self._reader is None:
                self._reader = self._opened(look_up)
            return self._reader

    def writer(self) -> NexusClient:
        """A client with the wanted password; a new server gets it before anything else is done there."""
        with self._lock:
            if self._reader is None or self._reader.is_first_login:
                self._reader = self._opened(False)
            if not self._is_writable:
                self._refuse_read_only(self._reader)
                self._is_writable = True
            if self._reader.is_first_login:
                self._replace(self._connection.initial_password)
                self._reader = NexusClient(self._connection)
            return self._reader

    def answers(self) -> bool:
        """Whether the server is there and lets us in, found out in a moment: a new stack has none yet."""
        try:
            return self._connection.is_listened_to() and self.reader() is not None
        except NexusError:
            return False

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

    def _opened(self, look_up: bool) -> NexusClient:
        refusals: list[NexusError] = []
        for client in self._candidates(look_up):
            refusal = _refusal(client)
            if refusal is None:
                self._connection = client.connection
                return client
            refusals.append(refusal)
        raise refusals[0] if isinstance(refusals[0], NotFound) else self._nobody_known(len(refusals))

    def _candidates(self, look_up: bool) -> Iterator[NexusClient]:
        """What was applied last, the first password of a new server, and what the stack file has by now."""
        yield NexusClient(self._connection)
        if self._connection.initial_password:
            yield NexusClient(self._connection, first_login=True)
        if look_up and (newer := wanted(self._connection)):
            yield NexusClient(newer)

    def _nobody_known(self, tried: int) -> Unauthorized:
        user = self._connection.username
        passwords = ["the one that the stack applies"]
        passwords += ["the first one of a new server"] if self._connection.initial_password else []
        passwords += [f"the one that passwords.{user} has by now"] if tried > len(passwords) else []
        return Unauthorized(
            f"{self._connection.url} answers 401 to user {user}: the passwords tried are {' and '.join(passwords)}; "
            f"if it was changed there, tell the stack: pulumi config set --secret --path passwords.{user}"
        )

    def _refuse_read_only(self, client: NexusClient) -> None:
        """A PUT while Nexus is read-only leaves the repository stopped until Nexus is started anew.

        Raises:
            ReadOnly: it is so now; the request is repeated for a few seconds.
        """
        try:
            client.get(_WRITABLE)
        except Unreachable:
            raise ReadOnly(
                f"{self._connection.url} is read-only: nothing was changed. Wait until its maintenance has ended, or "
                f"release it under Administration, System, Nodes, and run the command again"
            ) from None

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


def _refusal(client: NexusClient) -> NexusError | None:
    """Why the server does not let the client in, or that there is no Nexus; None when it does."""
    try:
        client.get(_PROBE)
    except (Unauthorized, NotFound) as error:
        return error
    return None
