"""The DNS server of the ACME directory: every name has the store's address."""

import subprocess

import requests

from tests.support import tools

_DNS, _MANAGEMENT = 8053, 8055
_SECONDS = 20


class NameServer:
    """pebble-challtestsrv, only as a DNS server."""

    def __init__(self, address: str) -> None:
        self.address, self.authority = address, f"{address}:{_DNS}"
        self._management = f"http://{address}:{_MANAGEMENT}"
        program = tools.pebble() / "pebble-challtestsrv"
        off = [flag for name in ("doh", "http01", "https01", "tlsalpn01") for flag in (f"-{name}", "")]
        known = ["-dnsserver", self.authority, "-defaultIPv4", address, "-defaultIPv6", ""]
        command = [str(program), *known, "-management", f"{address}:{_MANAGEMENT}", *off]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def set_text(self, name: str, value: str) -> None:
        """Adds a TXT record."""
        body = {"host": name, "value": value}
        requests.post(f"{self._management}/set-txt", json=body, timeout=5).raise_for_status()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(_SECONDS)
