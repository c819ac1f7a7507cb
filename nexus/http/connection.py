"""The address of Nexus and the provider's credentials."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from nexus.problem import Problem

WITHOUT_SERVER = "REPOSITORY_STORE_WITHOUT_SERVER"
"""Set for a preview that asks no server."""
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

    @property
    def where(self) -> str:
        """The URL and the address, for messages."""
        return self.url + (f" (at {self.address})" if self.address else "")

    def silence(self) -> str:
        """Why no TCP connection is accepted there; empty if one is."""
        parts = urlsplit(self.url)
        try:
            socket.create_connection((self.address or parts.hostname, parts.port or 443), _SECONDS).close()
        except OSError as error:
            return error.strerror or str(error) or type(error).__name__
        return ""

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
