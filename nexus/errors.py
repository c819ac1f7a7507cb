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
    """Whoever answered has a certificate that is not to be trusted: nothing was sent to them."""


class Closed(Unreachable):
    """nginx closes the REST API to this machine's address: what Nexus would say is not known."""


class AnswerLost(Unreachable):
    """The request was sent and the connection ended before the answer: it may have taken effect."""


class Unauthorized(NexusError):
    """Invalid credentials (401), or the user may not do this (403)."""


class NotFound(NexusError):
    """The object is not there (404)."""


class Rejected(NexusError):
    """The server understood and refused (any other 4xx); the text holds its own messages."""


class ReadOnly(Rejected):
    """The server is read-only, for maintenance: nothing may be changed there."""


class AlreadyExists(Rejected):
    """An object of that name is there already and was not made by this stack."""


class ServerFault(NexusError):
    """The server failed (500); the text holds its fault id, which its log has too."""


class Unreadable(NexusError):
    """What answered is no answer of Nexus's: a redirect, a page for browsers, broken JSON, a list without an end."""


class Ignored(NexusError):
    """The server accepted a request and did not keep a field of it."""
