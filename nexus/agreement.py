"""The licence agreement of the Community Edition, which serves and stores no content until it is accepted."""

from typing import Any, Protocol
from urllib.parse import quote

from nexus.errors import NexusError, NotFound, Rejected

EULA = "/v1/system/eula"
LINK = "https://links.sonatype.com/products/nxrm/ce-eula"
_LICENCE = "/v1/system/license"
_FORMATS = ("maven2", "raw")
"""Of these the Community Edition refuses every file; of npm and PyPI it serves some."""
_MOST = 20
"""How many repositories are asked for a file."""


class Server(Protocol):
    """The part of NexusClient that only reads; the type itself would load requests, which most commands do without."""

    def get(self, path: str, **query: str) -> Any: ...

    def downloads(self, path: str) -> bool: ...


def missing(api: Server) -> str:
    """What a person has to agree to before the server serves content; empty if nothing.

    Releases before 3.77 have no agreement, servers with a Pro licence have another one, and the open-source core has it
    but serves without. What has stored nothing yet cannot be told from a server that refuses to serve it.

    Raises:
        NexusError: the server cannot be asked.
    """
    try:
        agreement = api.get(EULA)
    except NotFound:
        return ""
    serves = agreement.get("accepted") or _is_licensed(api) or _serves(api)
    return "" if serves else str(agreement.get("disclaimer") or LINK)


def _serves(api: Server) -> bool:
    """Whether a file that the server has stored can be downloaded, although nobody has accepted the agreement."""
    try:
        every = api.get("/v1/repositories") or []
        hosted = [each["name"] for each in every if each["type"] == "hosted" and each["format"] in _FORMATS]
        stored = (file for name in hosted[:_MOST] for file in api.get("/v1/assets", repository=name)["items"])
        file = next(stored, None)
        return file is not None and api.downloads(f"/repository/{file['repository']}/{quote(file['path'].lstrip('/'))}")
    except NexusError:
        return False


def _is_licensed(api: Server) -> bool:
    """A server without a licence answers 402 or does not know the path."""
    try:
        api.get(_LICENCE)
    except (NotFound, Rejected):
        return False
    return True
