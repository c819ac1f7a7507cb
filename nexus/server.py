"""The one resource of a stack that holds the address and credentials of its Nexus."""

from dataclasses import dataclass

import pulumi
from pulumi import Input, Output, ResourceOptions

from nexus.session import UNKNOWN_YET


@dataclass(frozen=True)
class ServerArgs:
    """Where the server is and the administrator's credentials; the passwords are kept as secrets."""

    url: Input[str]
    password: Input[str]
    initial_password: Input[str]
    ca_pem: Output[str]
    address: str | None = None
    allow_data_loss: tuple[str, ...] = ()


class Server(pulumi.ProviderResource):
    """The provider resource that every object of the server uses.

    Its inputs reach `NexusProvider.configure` in each phase; on `refresh` and `destroy` they come from the state. So no
    object has credentials, and a new password changes only this resource.
    """

    def __init__(self, name: str, args: ServerArgs, opts: ResourceOptions | None = None) -> None:
        values: dict[str, Input[str]] = {
            "url": args.url,
            "address": args.address or "",
            "allowDataLoss": ",".join(args.allow_data_loss),
            "caPem": Output.from_input(_known_or(args.ca_pem, "")),
            "password": Output.secret(args.password),
            "initialPassword": Output.secret(_known_or(Output.from_input(args.initial_password), UNKNOWN_YET)),
        }
        namespace = pulumi.get_project()
        super().__init__("pulumi-python", name, {f"{namespace}:{key}": value for key, value in values.items()}, opts)


async def _known_or(value: Output[str], otherwise: str) -> str:
    """In a preview the engine does not call a provider that has an unknown input."""
    return str(await value.future()) if await value.is_known() else otherwise
