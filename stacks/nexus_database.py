from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stacks.names import Password, Port
from stacks.patterns import HOST_PATTERN, SQL_NAME_PATTERN
from stacks.pem import Pem
from stacks.value import Value


class NexusDatabase(Value):
    """A PostgreSQL database instead of Nexus's embedded one; `sslMode` takes the values of its JDBC driver."""

    host: Annotated[str, StringConstraints(pattern=HOST_PATTERN)]
    port: Port = 5432
    name: Annotated[str, StringConstraints(pattern=SQL_NAME_PATTERN)] = "nexus"
    user: Annotated[str, StringConstraints(pattern=SQL_NAME_PATTERN)] = "nexus"
    password: Annotated[Password, Field(repr=False)]
    ssl_mode: Literal["verify-full", "verify-ca", "require", "disable"] = "verify-full"
    ca_certificate: Pem | None = None
    """The roots of a private CA; None means those that the image's Java trusts."""

    @property
    def address(self) -> str:
        """The URL of the database, without credentials."""
        return f"postgresql://{self.host}:{self.port}/{self.name}"
