"""./store export: the topology of a running Nexus."""

from cli.process import module


def export(url: str) -> None:
    """Prints it for stacks/topology.yaml; the password comes from NEXUS_PASSWORD.

    Raises:
        Ended: the server does not answer, or refuses.
    """
    module("exports", "export", url)
