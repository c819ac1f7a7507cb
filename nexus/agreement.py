"""The licence agreement of the Community Edition, which serves and stores no content until it is accepted."""

from typing import TYPE_CHECKING

from nexus.errors import NotFound, Rejected

if TYPE_CHECKING:  # it loads requests, which most commands do without
    from nexus.http.listing import Api

EULA = "/v1/system/eula"
LINK = "https://links.sonatype.com/products/nxrm/ce-eula"
_LICENCE = "/v1/system/license"


def missing(api: "Api") -> str:
    """What a person has to agree to before the server serves content; empty if nothing.

    Releases before 3.77 have no agreement, and servers with a Pro licence have another one.

    Raises:
        NexusError: the server cannot be asked.
    """
    try:
        agreement = api.get(EULA)
    except NotFound:
        return ""
    return "" if agreement.get("accepted") or _is_licensed(api) else str(agreement.get("disclaimer") or LINK)


def _is_licensed(api: "Api") -> bool:
    """A server without a licence answers 402 or does not know the path."""
    try:
        api.get(_LICENCE)
    except (NotFound, Rejected):
        return False
    return True
