"""The connection of Nexus to an external PostgreSQL database."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_command as command
from pulumi import Input, Output, ResourceOptions

from components.naming import physical
from stacks.layout import DATABASE_FOLDER
from stacks.nexus_database import NexusDatabase

_CA = "postgresql-ca.pem"


@dataclass(frozen=True)
class DatabaseFileArgs:
    """The database, and the container that is to use it."""

    database: NexusDatabase
    role: str
    container_id: Input[str]
    environment: Mapping[str, str]


class DatabaseFile(command.local.Command):
    """The file with the database's URL and password, on the data volume and readable by Nexus's user only.

    It is rewritten for a new container and when its content changes; Nexus is then restarted. The image also takes
    these settings from the environment, but `docker inspect` would show the password there.
    """

    def __init__(self, name: str, args: DatabaseFileArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(
            name,
            create="sh components/scripts/write-database.sh",
            delete="sh components/scripts/write-database.sh remove",
            stdin=Output.secret(properties(args.database)),
            environment={
                **args.environment,
                "CONTAINER": physical(args.role),
                "FOLDER": DATABASE_FOLDER,
                "CA_PEM": args.database.ca_certificate or "",
                # Not a trigger: a replacement deletes the old resource last, and that would remove the new file.
                "CONTAINER_ID": args.container_id,
            },
            logging=command.local.Logging.STDERR,
            opts=opts,
        )


def properties(database: NexusDatabase) -> str:
    """The file nexus-store.properties, as java.util.Properties reads it."""
    values = {
        "name": "nexus",
        "type": "jdbc",
        "jdbcUrl": f"jdbc:{database.address}?{_tls(database)}",
        "username": database.user,
        "password": database.password.get_secret_value(),
    }
    return "".join(f"{key}={_escaped(value)}\n" for key, value in values.items())


def _tls(database: NexusDatabase) -> str:
    mode = f"sslmode={database.ssl_mode}"
    if not database.ssl_mode.startswith("verify"):
        return mode
    if database.ca_certificate:
        return f"{mode}&sslrootcert={DATABASE_FOLDER}/{_CA}"
    return f"{mode}&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory"


def _escaped(value: str) -> str:
    """Escapes backslashes, a leading blank, which would be dropped, and non-ASCII text, as the file is in Latin-1."""
    return "".join(_character(character, first=not index) for index, character in enumerate(value))


def _character(character: str, *, first: bool) -> str:
    if character == "\\" or (character == " " and first):
        return f"\\{character}"
    if character.isascii():
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
