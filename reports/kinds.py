"""How resources are named for a user, and in which order a report has them."""

import re

from reports.preview import Change, Operation
from stacks.layout import NEXUS_TYPES

_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"
_COMPONENT = "repository-store:components:"
# An inventory of repositories, which the report has anyway.
_INVENTORY = f"{NEXUS_TYPES}HostedRepositories"

_FILES = "-files"
_WORDS = {
    "docker:index/container:Container": "container",
    "docker:index/network:Network": "network",
    "docker:index/volume:Volume": "volume",
    "docker:index/remoteImage:RemoteImage": "image",
    "tls:index/selfSignedCert:SelfSignedCert": "certificate authority",
    "tls:index/locallySignedCert:LocallySignedCert": "certificate",
    "tls:index/certRequest:CertRequest": "certificate request",
    "tls:index/privateKey:PrivateKey": "key",
}
_HELPERS = {
    "nginx-load": "configuration of nginx",
    "acme-load": "ACME certificate of nginx",
    "nexus-ready": "check that Nexus answers",
    "nexus-database": "database settings of Nexus",
    "nexus-initial-password": "first password of Nexus",
    "hosted-repositories": "list of what the stack declares",
}
"""What resources are whose names in the program say nothing to a user."""

NEW_AUTHORITY = "every client needs the new CA (docs/ca-rotation.md)"

# What a reviewer looks at first comes first; a kind that is not named here comes after these.
_ORDER = (
    "Repository",
    "BlobStore",
    "CleanupPolicy",
    "RoutingRule",
    "ContentSelector",
    "Privilege",
    "Role",
    "User",
    "Realms",
    "AnonymousAccess",
    "Password",
    "Volume",
    "Container",
    "Network",
    "SelfSignedCert",
    "LocallySignedCert",
    "CertRequest",
    "PrivateKey",
    "RemoteImage",
)
_LAST = ("Provider", "Command")


def described(type_: str, name: str) -> str:
    """A resource in a line: `container nginx`, `BlobStore tools`, `configuration of nginx`."""
    return " ".join(filter(None, kind_and_name(type_, name)))


def kind_and_name(type_: str, name: str) -> tuple[str, str]:
    """The kind, which resources may share, and the name; one of them may be empty."""
    if name in _HELPERS and not type_.startswith("docker:"):
        return "", _HELPERS[name]
    if _is_command(type_):
        is_client = name.startswith("client-")
        return ("docker client", name[7:]) if is_client else ("files of the blob store", name.removesuffix(_FILES))
    if not type_.startswith(NEXUS_TYPES):
        return _WORDS.get(type_, ""), name
    what = type_.removeprefix(NEXUS_TYPES)
    dashed = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", what).lower()
    return what, "" if name == dashed else name.removeprefix(f"{dashed}-")


def is_bookkeeping(type_: str, name: str, operation: str) -> bool:
    """Whether the operation only records something for a later one, so that no user needs to know of it."""
    makes_nothing = _is_command(type_) and name.endswith(_FILES) and operation == "create"
    return type_ == _INVENTORY or makes_nothing


def is_authority(type_: str, name: str) -> bool:
    """Whether clients trust this certificate. The one that nginx has until ACME gives it another is not meant."""
    return _WORDS.get(type_) == "certificate authority" and name != "temporary-certificate"


def _is_command(type_: str) -> bool:
    return type_ in ("command:local:Command", "command:remote:Command")


def kind(change: Change) -> str:
    """The last word of the type, as the documentation of Nexus, Docker and Pulumi writes it."""
    return "Provider" if change.type.startswith(_PROVIDER) else change.type.split(":")[-1]


def title(change: Change) -> str:
    """The name in Nexus for its objects, else the resource's name in the program."""
    if change.type.startswith(NEXUS_TYPES):
        return " ".join(str(change.state.inputs.get("name", change.name)).split())
    return described(change.type, change.name) if change.name in _HELPERS or _is_command(change.type) else change.name


def is_shown(change: Change) -> bool:
    """Whether a reviewer decides about the change: not for the stack, its components and new or removed providers."""
    if change.type == _STACK or change.type.startswith(_COMPONENT):
        return False
    if is_bookkeeping(change.type, change.name, change.operation.value):
        return False
    if change.type.startswith(_PROVIDER) and change.operation in (Operation.CREATE, Operation.DELETE):
        return False
    return change.operation is not Operation.SAME


def place(change: Change) -> tuple[int, str, str]:
    """The position of the change among others of its operation; the engine's own order differs between runs."""
    name = kind(change)
    if name in _ORDER:
        return _ORDER.index(name), name, title(change)
    return len(_ORDER) + (_LAST.index(name) + 1 if name in _LAST else 0), name, title(change)
