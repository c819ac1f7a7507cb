from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, model_validator

from stacks.names import Address, Port
from stacks.patterns import SSH_HOST_PATTERN
from stacks.pem import SecretPem
from stacks.value import Flag, Value

_KEY_TYPES = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")


def _host_key(line: str) -> str:
    """The type and the key in a line of a `.pub` file or of `ssh-keyscan`."""
    words = line.split()
    for kind, key in pairwise(words):
        if kind in _KEY_TYPES:
            return f"{kind} {key}"
    raise ValueError("a line of `ssh-keyscan HOST` that you have verified, like ssh-ed25519 AAAA...")


HostKey = Annotated[str, AfterValidator(_host_key)]
# It becomes a word of shell commands.
Account = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._@-]*$")]


class InsecureRegistry(StrEnum):
    """How dockerd is told not to verify the store's certificate; not needed when the client trusts the CA."""

    NO = "no"
    DAEMON_JSON = "daemonJson"
    SYSTEMD_DROP_IN = "systemdDropIn"


class SshHost(Value):
    """A host that is reached over SSH; its host key is pinned, so that no other host can impersonate it."""

    host: Annotated[str, StringConstraints(pattern=SSH_HOST_PATTERN)]
    port: Port = 22
    user: Account = "root"
    host_key: HostKey
    private_key: SecretPem | None = None
    """None uses the SSH agent of the user who runs `up`."""


class Login(Value):
    """A `docker login`; the password is that of the user under `passwords`."""

    user: Account
    account: Account | None = None
    """The account on the host that gets the login; None means the one that connects, before sudo."""


class Client(Value):
    """A docker node, build slave or desktop that must trust and reach the store."""

    ssh: SshHost | None = None
    """None means the machine that runs `up`."""
    jump_host: SshHost | None = None
    sudo: Flag = False
    """Whether to become root by `sudo`, which must not ask for a password."""
    address: Address | None = None
    """The store's address if the client cannot resolve its name; None uses the stack's `address`."""
    system_store: Flag = True
    """Whether the CA also goes into the system's trust store, for curl, dnf and Java."""
    insecure_registry: InsecureRegistry = InsecureRegistry.NO
    login: Login | None = None

    @model_validator(mode="before")
    @classmethod
    def _jumps_somewhere(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and "jumpHost" in given and "ssh" not in given:
            raise ValueError("ssh as well: jumpHost requires it, since it leads to that host")
        return given
