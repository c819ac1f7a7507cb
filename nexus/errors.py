"""What can go wrong between the provider and Nexus; each error's text is one line that a person can act on."""

from nexus.advice import pasteable
from nexus.problem import Problem


class NexusError(Exception):
    """Anything that stops an operation on Nexus."""

    def __init__(self, text: str | Problem) -> None:
        super().__init__(pasteable(str(text)))


class Unreachable(NexusError):
    """The server did not answer, or only a proxy did (502, 503, 504): nothing is known about the server's state."""


class Untrusted(Unreachable):
    """The server's certificate is not trusted; no request was sent."""


class Closed(Unreachable):
    """nginx closes the REST API to this machine's address: the answer of Nexus is not known."""


class GatewayError(Unreachable):
    """Nexus or a proxy answers 502, 503 or 504: most likely the request was not carried out."""


class NotAsked(Unreachable):
    """This process was told to ask no server."""


class AnswerLost(Unreachable):
    """The request was sent and the connection ended before the answer: it may have taken effect."""


class Unauthorized(NexusError):
    """Invalid credentials (401), or the user may not do this (403)."""


class NotFound(NexusError):
    """The object does not exist (404)."""


class Rejected(NexusError):
    """The server refused the request (any other 4xx); the text has the server's messages."""


class ReadOnly(Rejected):
    """The server is read-only for maintenance and accepts no changes."""


class AlreadyExists(Rejected):
    """An object of that name exists already and was not created by this stack."""


class ServerFault(NexusError):
    """The server failed (500); the text has the fault id, which is also in the server's log."""


class Unreadable(NexusError):
    """The answer is not one of Nexus: a redirect, an HTML page, broken JSON, a list without an end."""


class Ignored(NexusError):
    """The server accepted a request but did not keep one of its fields."""
