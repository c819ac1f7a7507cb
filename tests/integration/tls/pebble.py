"""Pebble, Let's Encrypt's ACME directory for tests."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.e2e.store.store import Failed, run
from tests.integration.tls.name_server import NameServer
from tests.support import tools

_SECONDS = 20
# Longer than a test and shorter than any renewBeforeDays, so that a renewal is always due.
_VALID_SECONDS = 600


class Pebble:
    """A directory with its own roots. With external accounts (keys by kid), every account must be bound to one."""

    def __init__(
        self, names: NameServer, port: int, folder: Path, external_accounts: Mapping[str, str] | None = None
    ) -> None:
        self.address, self.port = names.address, port
        self.directory = f"https://{self.address}:{port}/dir"
        self._management = f"https://{self.address}:{port + 1}"
        self.own, self._key = folder / "directory.pem", folder / "directory.key"
        # fmt: off
        run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=directory", "-addext", f"subjectAltName=IP:{self.address}",
            "-keyout", str(self._key), "-out", str(self.own),
        ])
        # fmt: on
        config, log = folder / "config.json", folder / "log"
        config.write_text(json.dumps({"pebble": self._settings(external_accounts or {})}))
        environment = {**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "5", "PEBBLE_AUTHZREUSE": "0"}
        program = tools.pebble() / "pebble"
        command = [str(program), "-config", str(config), "-dnsserver", names.authority]
        with log.open("w") as out:
            self._process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        self._wait(log)

    def _settings(self, external_accounts: Mapping[str, str]) -> dict[str, object]:
        return {
            "listenAddress": f"{self.address}:{self.port}",
            "managementListenAddress": f"{self.address}:{self.port + 1}",
            "certificate": str(self.own),
            "privateKey": str(self._key),
            "httpPort": 80,
            "tlsPort": 443,
            "keyAlgorithm": "ecdsa",
            "externalAccountBindingRequired": bool(external_accounts),
            "externalAccountMACKeys": dict(external_accounts),
            "profiles": {"default": {"description": "short", "validityPeriod": _VALID_SECONDS}},
        }

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + _SECONDS
        while True:
            try:
                requests.get(self.directory, verify=str(self.own), timeout=5)
                return
            except requests.ConnectionError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise Failed(log.read_text()) from None
                time.sleep(0.2)

    @property
    def root(self) -> str:
        """The root of its certificates."""
        return requests.get(f"{self._management}/roots/0", verify=str(self.own), timeout=5).text

    @property
    def roots(self) -> str:
        """The roots of the directory's own certificate and of those that it issues."""
        return self.own.read_text() + self.root

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """Makes it unreachable inside the block."""
        rule = ["INPUT", "-d", self.address, "-p", "tcp", "--dport", str(self.port), "-j", "REJECT"]
        rule += ["--reject-with", "tcp-reset"]
        run(["iptables", "-I", *rule])
        try:
            yield
        finally:
            run(["iptables", "-D", *rule])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(_SECONDS)
