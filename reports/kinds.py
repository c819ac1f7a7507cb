"""How the report names resources, and in which order."""

from reports.preview import Change, Operation

_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"
_NEXUS = "pulumi-python:dynamic/nexus:"
_COMPONENT = "repository-store:components:"
# An inventory of repositories, which the report has anyway.
_INVENTORY = f"{_NEXUS}HostedRepositories"

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


def kind(change: Change) -> str:
    """The last word of the type, as the documentation of Nexus, Docker and Pulumi writes it."""
    return "Provider" if change.type.startswith(_PROVIDER) else change.type.split(":")[-1]


def title(change: Change) -> str:
    """The name in Nexus for its objects, else the resource's name in the program."""
    if change.type.startswith(_NEXUS):
        return " ".join(str(change.state.inputs.get("name", change.name)).split())
    return change.name


def is_shown(change: Change) -> bool:
    """Whether a reviewer decides about the change: not for the stack, its components and new or removed providers."""
    if change.type in (_STACK, _INVENTORY) or change.type.startswith(_COMPONENT):
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
