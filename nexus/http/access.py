"""Finds the password that the server accepts, and changes the initial password of a new server."""

import threading
from collections.abc import Iterable, Iterator

from nexus.advice import give_password, password
from nexus.errors import NexusError, NotFound, ReadOnly, Rejected, Unauthorized, Unreachable
from nexus.http.client import RELEASE, NexusClient
from nexus.http.connection import Connection
from nexus.http.wanted import known
from nexus.model import Ref
from nexus.problem import Problem

# A small answer that an administrator may read.
_PROBE = "/v1/security/realms/active"
_WRITABLE = "/v1/status/writable"


class Access:
    """The administrator's authenticated client. The wanted password is always tried first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._reader: NexusClient | None = None
        self._former = ""  # the password that the server accepts instead of the wanted one
        self._is_writable = False

    def reader(self, *, look_up: bool = False) -> NexusClient:
        """A client whose login works; a server that still has its initial password is read with that one.

        With `look_up` it also tries the URL and password that are in the stack file now, and the password that the
        stack last set on the server, which is valid until it is changed to the wanted one.

        Raises:
            Unauthorized: the server accepts none of the passwords.
        """
        with self._lock:
            if self._reader is None:
                self._reader = self._opened(look_up)
            return self._reader

    def writer(self) -> NexusClient:
        """A client with the wanted password; a new server is given it before anything else is changed."""
        with self._lock:
            if self._reader is None or self._reader.is_first_login:
                self._reader = self._opened(False)
            if not self._is_writable:
                self._refuse_read_only(self._reader)
                self._is_writable = True
            if self._reader.is_first_login:
                self._exchange(self._connection.initial_password)
            elif self._former:
                self._exchange(self._former)
            return self._reader

    def refusal(self) -> NexusError | None:
        """Why the server cannot be asked, without a long wait: a new stack has none yet; None if it can be asked."""
        if silence := self._connection.silence():
            return Unreachable(f"{self._connection.where} does not answer: {silence}")
        try:
            self.reader(look_up=True)
        except NexusError as refusal:
            return refusal
        return None

    def is_new(self) -> bool:
        """Whether the server has never been set up: it still has its initial password."""
        return self.reader().is_first_login

    def rotate(self, old: str) -> None:
        """Changes the server's password from the old to the wanted one, which it may have already.

        Raises:
            Rejected: it is a new server, on which nothing of the state exists.
        """
        try:
            if self.is_new():
                raise Rejected(
                    Problem(
                        self._connection.url,
                        "is a new server with an empty data volume, but the state has repositories on it",
                        fix="make up again, which recreates them",
                    )
                )
        except Unauthorized:
            self._replace(old)
        else:
            with self._lock:
                if self._former:
                    self._exchange(self._former)

    def _exchange(self, former: str) -> None:
        self._replace(former)
        self._former = ""
        self._reader = NexusClient(self._connection)

    def _opened(self, look_up: bool) -> NexusClient:
        refusals: dict[str, NexusError] = {}
        for which, client, former in self._candidates(look_up):
            refusal = _refusal(client)
            if refusal is None:
                self._connection, self._former = client.connection, former
                return client
            refusals[which] = refusal
        first = next(iter(refusals.values()))
        raise first if isinstance(first, NotFound) else self._all_refused(refusals)

    def _candidates(self, look_up: bool) -> Iterator[tuple[str, NexusClient, str]]:
        """A description of each password, a client with it, and the password itself if it has to be changed."""
        yield "the one that the stack applies", NexusClient(self._connection), ""
        if self._connection.initial_password:
            yield "the initial one of a new server", NexusClient(self._connection, first_login=True), ""
        if not look_up:
            return
        found = known(self._connection)
        if found.wanted:
            yield f"the one that {password(self._connection.username)} has now", NexusClient(found.wanted), ""
        if found.given:
            yield "the one that the stack set last", NexusClient(self._connection, found.given), found.given

    def _all_refused(self, tried: Iterable[str]) -> Unauthorized:
        user = self._connection.username
        return Unauthorized(
            Problem(
                self._connection.url,
                f"answers 401 to user {user}: the passwords tried are {' and '.join(tried)}",
                fix=f"if it was changed there, store it in the stack file: {give_password(user)}",
            )
        )

    def _refuse_read_only(self, client: NexusClient) -> None:
        """A PUT while Nexus is read-only leaves the repository stopped until Nexus is restarted.

        Raises:
            ReadOnly: it is still read-only after a few seconds of retries.
        """
        try:
            client.get(_WRITABLE)
        except Unreachable:
            raise ReadOnly(Problem(self._connection.url, "is read-only: nothing was changed", fix=RELEASE)) from None

    def _replace(self, old: str) -> None:
        user = self._connection.username
        path = Ref("user", user).path("/v1/security/users/{name}/change-password")
        try:
            NexusClient(self._connection, old).put_text(path, self._connection.password)
        except Unauthorized:
            raise Unauthorized(
                Problem(
                    password(user),
                    f"{self._connection.url} accepts neither it nor the previous one for user {user}",
                    "the password that was set by hand",
                    give_password(user),
                )
            ) from None


def _refusal(client: NexusClient) -> NexusError | None:
    """Why the server refuses the client's login, or that it is not a Nexus; None if the login works."""
    try:
        client.get(_PROBE)
    except (Unauthorized, NotFound) as error:
        return error
    return None
