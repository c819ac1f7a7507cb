"""The address of Nexus and the provider's credentials."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from nexus.problem import Problem

_SECONDS = 3.0


@dataclass(frozen=True)
class Connection:
    """An HTTPS endpoint and the administrator's credentials.

    `address` replaces only the DNS lookup: the certificate is verified against the URL's host name.
    `ca_pem` is the only CA that is trusted; empty means the public ones.
    `initial_password` is what a new server starts with; it no longer works once it has been changed.
    """

    url: str
    password: str = field(repr=False)
    username: str = "admin"
    address: str | None = None
    ca_pem: str = ""
    initial_password: str = field(default="", repr=False)

    def is_listened_to(self) -> bool:
        """Whether a TCP connection is accepted there."""
        parts = urlsplit(self.url)
        try:
            with socket.create_connection((self.address or parts.hostname, parts.port or 443), _SECONDS):
                return True
        except OSError:
            return False

    @classmethod
    def configured(cls, get: Callable[[str], Any]) -> Self:
        """The connection that the stack's provider resource holds.

        Raises:
            ValueError: the state holds no URL or password, so nothing can be asked.
        """
        url, password = get("url"), get("password")
        if not url or not password:
            raise ValueError(
                str(
                    Problem(
                        "",
                        "the state has no address or password of Nexus",
                        fix="make up, once, with a complete stack file",
                    )
                )
            )
        return cls(
            url=str(url),
            password=str(password),
            address=get("address") or None,
            ca_pem=str(get("caPem") or ""),
            initial_password=str(get("initialPassword") or ""),
        )
