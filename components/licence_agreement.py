import os

from pulumi import CustomResource, Output

from nexus.agreement import missing
from nexus.errors import NexusError
from nexus.http.client import NexusClient
from nexus.http.connection import WITHOUT_SERVER, Connection
from stacks.settings import ADMIN, Settings


def eula_accepted(settings: Settings, ca_pem: Output[str], reached: CustomResource) -> Output[bool]:
    """Whether the licence agreement does not keep the server from serving content, once `reached` exists.

    Somebody may have accepted it by hand, or the server may need none, so it is asked unless the stack accepts it.
    """
    if settings.nexus.agrees:
        return Output.from_input(True)
    url, address = settings.endpoint.url, str(settings.address or "") or None
    password = settings.passwords[ADMIN].get_secret_value()
    return Output.all(ca_pem, reached.id).apply(
        lambda known: _serves(Connection(url, password, address=address, ca_pem=known[0]))
    )


def _serves(connection: Connection) -> bool:
    """False if the server cannot be asked."""
    try:
        return not os.environ.get(WITHOUT_SERVER) and not connection.silence() and not missing(NexusClient(connection))
    except NexusError:
        return False
