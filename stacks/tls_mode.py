"""The interface of every `tls.mode`, so that no other code asks which one it is."""

from abc import abstractmethod
from collections.abc import Mapping

from nexus.problem import Problem
from stacks.value import Value


class TlsMode(Value):
    """Where the certificate comes from: a subclass for each mode, with its component in `components/certificates`."""

    @property
    @abstractmethod
    def publicly_trusted(self) -> bool:
        """Whether clients trust the certificate without being given a CA."""

    @abstractmethod
    def problems(self, hostname: str) -> list[Problem]:
        """Mistakes in settings that are each valid, for a store of that host name."""

    @property
    def containers(self) -> Mapping[str, int]:
        """The containers that the mode runs beside nginx, by a readable name, with the memory of each in MiB."""
        return {}

    @property
    def images(self) -> Mapping[str, str]:
        """The images of these containers, by their keys of the stack file."""
        return {}

    def renewed_in(self, hostname: str) -> str | None:
        """The folder on nginx's volume in which a container renews the certificate; None if `up` delivers it."""
        return None
