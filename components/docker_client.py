import io
import shlex
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import pulumi_command as command
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.naming import physical, token
from stacks.client import Client, SshHost
from stacks.settings import Settings

_SCRIPTS = Path(__file__).parent / "scripts" / "client"
_PARTS = ("files", "home", "trust", "insecure", "login", "main")
_INSECURE_REGISTRY = _SCRIPTS / "insecure_registry"
# A host that is booting gets about a minute; the other clients do not wait for it.
_DIAL_ATTEMPTS, _DIAL_SECONDS = 5, 10


@dataclass(frozen=True)
class DockerClientArgs:
    """A client, the registries that it is to trust, and how it finds them."""

    client: Client
    hostname: str
    address: str
    registries: tuple[str, ...]
    ca_pem: Input[str]
    password: str = ""

    @classmethod
    def of(cls, settings: Settings, name: str, ca_pem: Input[str]) -> Self:
        """The arguments for the client of that name in the stack file."""
        client = settings.clients[name]
        return cls(
            client=client,
            hostname=settings.hostname,
            address=str(client.address or settings.address or ""),
            registries=settings.registries.names,
            ca_pem=ca_pem,
            password=settings.passwords[client.login.user].get_secret_value() if client.login else "",
        )


class DockerClient(ComponentResource):
    """A host whose container engines trust the store. Deleting the resource removes what was installed there."""

    def __init__(self, name: str, args: DockerClientArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("DockerClient"), name, None, opts)
        self._args = args
        within = ResourceOptions(parent=self)
        shell = "sudo -n sh -s" if args.client.sudo else "sh -s"
        script: Output[str] = Output.secret(args.ca_pem).apply(self._script)
        if args.client.ssh:
            command.remote.Command(
                name,
                connection=self._connection(args.client.ssh),
                create=f"{shell} install",
                delete=f"{shell} remove",
                stdin=script,
                # sshd refuses environment variables that its AcceptEnv does not list.
                add_previous_output_in_env=False,
                logging=command.remote.Logging.STDERR,
                opts=within,
            )
        else:
            command.local.Command(
                name,
                create=f"{shell} install",
                delete=f"{shell} remove",
                stdin=script,
                logging=command.local.Logging.STDERR,
                opts=within,
            )
        self.register_outputs({})

    def _script(self, ca_pem: str) -> str:
        """The settings as variables, then the program; it is passed on stdin, so that no secret is an argument."""
        args, login = self._args, self._args.client.login
        return client_script(
            {
                "STORE": physical("client"),
                "HOST_NAME": args.hostname,
                "ADDRESS": args.address,
                "REGISTRIES": " ".join(args.registries),
                "CA": ca_pem.strip(),
                "SYSTEM_STORE": "true" if args.client.system_store else "false",
                "INSECURE": args.client.insecure_registry.value,
                "LOGIN_USER": login.user if login else "",
                "ACCOUNT": (login.account or "") if login else "",
                "PASSWORD": args.password,
            }
        )

    def _connection(self, host: SshHost) -> command.remote.ConnectionArgs:
        jump = self._args.client.jump_host
        proxy = command.remote.ProxyConnectionArgs(**_endpoint(jump)) if jump else None
        return command.remote.ConnectionArgs(**_endpoint(host), proxy=proxy)


def _endpoint(host: SshHost) -> dict[str, Any]:
    return {
        "host": host.host,
        "port": host.port,
        "user": host.user,
        "host_key": host.host_key,
        "private_key": Output.secret(host.private_key.get_secret_value()) if host.private_key else None,
        "dial_error_limit": _DIAL_ATTEMPTS,
        "per_dial_timeout": _DIAL_SECONDS,
    }


def client_script(variables: Mapping[str, str]) -> str:
    """The stdin of `sh -s install` and `sh -s remove` on the client."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items()) + _program()


@cache
def _program() -> str:
    parts = [(_SCRIPTS / f"{part}.sh").read_text(encoding="utf-8") for part in _PARTS]
    return "".join([f"INSECURE_REGISTRY={b64encode(_archive()).decode()}\n", *parts])


def _archive() -> bytes:
    """The package insecure_registry as a zip that Python runs. It is an input, so its bytes are the same everywhere."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
        for path in sorted(_INSECURE_REGISTRY.glob("*.py")):
            opened.writestr(zipfile.ZipInfo(f"{path.parent.name}/{path.name}"), path.read_bytes())
    return archive.getvalue()
