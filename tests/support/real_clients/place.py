"""A repository as a client is told of it."""

import base64
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    url: str
    """With a slash at its end."""
    user: str = ""
    password: str = ""
    ca: Path | None = None
    """Of an address with TLS that the system does not trust."""

    @property
    def encoded_password(self) -> str:
        return base64.b64encode(self.password.encode()).decode()
