"""The address and login of a repository, for clients."""

import base64
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    url: str
    """Ends with a slash."""
    user: str = ""
    password: str = ""
    ca: Path | None = None
    """The CA, if the system does not trust it."""

    @property
    def encoded_password(self) -> str:
        return base64.b64encode(self.password.encode()).decode()
