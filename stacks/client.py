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
    """The type and the key of a line as a `.pub` file or `ssh-keyscan` has it."""
    words = line.split()
    for kind, key in pairwise(words):
        if kind in _KEY_TYPES:
            return f"{kind} {key}"
    raise ValueError("a line of `ssh-keyscan HOST` that you have verified, like ssh-ed25519 AAAA...")


HostKey = Annotated[str, AfterValidator(_host_key)]
# They end up in a shell's words.
Account = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._@-]*$")]


class InsecureRegistry(StrEnum):
    """The two ways of telling dockerd not to verify the store; with the CA in place neither is needed."""

    NO = "no"
    DAEMON_JSON = "daemonJson"
    SYSTEMD_DROP_IN = "systemdDropIn"


class SshHost(Value):
    """A host that is reached over SSH; its key is given, so that nobody else can pass for it."""

    host: Annotated[str, StringConstraints(pattern=SSH_HOST_PATTERN)]
    port: Port = 22
    user: Account = "root"
    host_key: HostKey
    private_key: SecretPem | None = None
    """None leaves it to the SSH agent of whoever runs `up`."""


class Login(Value):
    """A `docker login`; the password is that of the user under `passwords`."""

    user: Account
    account: Account | None = None
    """The account of the host that is logged in; None means the one that signs in, before sudo."""


class Client(Value):
    """A docker node, build slave or desktop that must trust and reach the store."""

    ssh: SshHost | None = None
    """None means the machine that runs `up`."""
    jump_host: SshHost | None = None
    sudo: Flag = False
    """Whether to become root by `sudo`, which must not ask for a password."""
    address: Address | None = None
    """Where the client finds the store when it cannot find its name; None takes the stack's address."""
    system_store: Flag = True
    """Whether curl, dnf and Java are to trust the store too, by the system's own store."""
    insecure_registry: InsecureRegistry = InsecureRegistry.NO
    login: Login | None = None

    @model_validator(mode="before")
    @classmethod
    def _jumps_somewhere(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and "jumpHost" in given and "ssh" not in given:
            raise ValueError("ssh beside jumpHost: a jump host leads to another one")
        return given
