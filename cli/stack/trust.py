"""Makes this machine resolve a store's name and trust its CA, for which root is needed.

It adds a line to /etc/hosts unless DNS resolves the name, and the CA to docker's certs.d.
"""

import fcntl
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from cli.docker import Docker
from cli.errors import CommandError
from cli.files import write_atomically
from cli.paths import LOCAL
from cli.stack.stack import PROJECT, Stack
from stacks.patterns import HOSTNAME_PATTERN, REGISTRY_PATTERN

HOSTS = Path("/etc/hosts")
DOCKER_TRUST = Path("/etc/docker/certs.d")
_FINDS_THE_CA = 23
"""The first release of docker whose BuildKit reads certs.d for tokens too."""
_ASKED_SECONDS = 5.0


@dataclass(frozen=True)
class Reach:
    """What clients on this machine need to find and verify a store. It contains no secrets."""

    host: str
    address: str
    """Empty if DNS resolves the host."""
    registries: tuple[str, ...]
    ca: str
    """PEM; empty if the store's certificate is from a public CA."""

    @classmethod
    def of(cls, stack: Stack, outputs: Mapping[str, Any]) -> Self:
        registries = {outputs[f"docker_{kind}registry"] for kind in ("", "push_", "pull_")} - {""}
        host = urlsplit(outputs["url"]).hostname or ""
        return cls(host, stack.settings.address, tuple(sorted(registries)), outputs["ca_certificate_pem"].strip())

    @classmethod
    def recorded(cls, stack: Stack) -> Self | None:
        """What the last `up` recorded. It is checked, since users other than root can write to .local."""
        try:
            found = json.loads(_note(stack).read_text(encoding="utf-8"))
            reach = cls(found["host"], found["address"], tuple(found["registries"]), found["ca"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        reach.check()
        return reach

    def note(self, stack: Stack) -> None:
        """Records it for `sudo ./store trust`, which then does not need Pulumi."""
        self.check()
        text = json.dumps(asdict(self))
        if not _note(stack).exists() or _note(stack).read_text(encoding="utf-8") != text:
            write_atomically(_note(stack), text)

    def check(self) -> None:
        """Refuses values that would write anything but names and certificates into root's files."""
        fits = re.fullmatch(HOSTNAME_PATTERN, self.host) and re.fullmatch(r"[0-9A-Fa-f.:]*", self.address)
        names = all(re.fullmatch(REGISTRY_PATTERN, name) for name in self.registries)
        if not (
            fits and names and re.fullmatch(r"(-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\s*)*", self.ca)
        ):
            raise CommandError("trust", "the stack's outputs are not host names and certificates")

    def missing(self, stack: Stack) -> list[str]:
        """What this machine still lacks, as text."""
        found = [] if self._is_in_hosts(stack) else [f"{self.host} in {HOSTS}"]
        untrusted = [registry for registry in self.registries if not self._is_trusted(stack, registry)]
        return found + [f"{registry} in {DOCKER_TRUST}" for registry in untrusted]

    def stale(self, stack: Stack) -> list[str]:
        """What is left on this machine from an earlier name, port or address of the store, as text."""
        found = [f"a line for the store in {HOSTS}"] if not self.address and _is_named(stack) else []
        return found + [f"{file.parent.name} in {DOCKER_TRUST}" for file in self._stale_certificates(stack)]

    def apply(self, stack: Stack) -> None:
        """Writes the entries to /etc, and removes stale ones; only root may."""
        if not self._is_in_hosts(stack) or self.stale(stack):
            _replace_in_hosts(stack, [self._line(stack)] if self.address else [])
        for file in self._stale_certificates(stack):
            _remove(file)
        for registry in self.registries:
            if not self._is_trusted(stack, registry):
                write_atomically(_certificate(stack, registry), self.ca + "\n")

    def hint_for_builds(self, stack: Stack) -> str:
        """What `docker build` needs in addition; empty if it finds the CA like push and pull.

        docker before 23 fetches BuildKit's tokens itself and trusts only the system's CAs, and its engine reads the
        folders of certs.d when it starts.
        """
        if not (self.ca and self.registries):
            return ""
        version = Docker().within(_ASKED_SECONDS, "--version").removeprefix("Docker version ").split(",")[0]
        major = version.split(".")[0]
        if not (major.isdecimal() and int(major) < _FINDS_THE_CA):
            return ""
        file = _certificate(stack, self.registries[0])
        return (
            f"docker {version} builds on the store's images with BuildKit after `export SSL_CERT_FILE={file}`,"
            " and once dockerd has been restarted since that file was made"
        )

    def _stale_certificates(self, stack: Stack) -> list[Path]:
        wanted = self.registries if self.ca else ()
        return [file for file in _certificates(stack) if file.parent.name not in wanted]

    def _line(self, stack: Stack) -> str:
        return f"{self.address} {self.host} {_mark(stack)}"

    def _is_in_hosts(self, stack: Stack) -> bool:
        return not self.address or self._line(stack) in _hosts()

    def _is_trusted(self, stack: Stack, registry: str) -> bool:
        try:
            return not self.ca or _certificate(stack, registry).read_text(encoding="utf-8").strip() == self.ca
        except OSError:
            return False


def left(stack: Stack) -> list[Path]:
    """The files in /etc that still have entries of the stack."""
    return [*([HOSTS] if _is_named(stack) else []), *_certificates(stack)]


def _is_named(stack: Stack) -> bool:
    return any(line.endswith(_mark(stack)) for line in _hosts())


def remove(stack: Stack) -> None:
    """Removes all entries of the stack; only root may."""
    if HOSTS in left(stack):
        _replace_in_hosts(stack, [])
    for file in _certificates(stack):
        _remove(file)


def _remove(certificate: Path) -> None:
    certificate.unlink()
    if not any(certificate.parent.iterdir()):
        certificate.parent.rmdir()


def may_write() -> bool:
    return os.geteuid() == 0


def _hosts() -> list[str]:
    """The lines of /etc/hosts, not while another command writes them."""
    with HOSTS.open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read().splitlines()


def _replace_in_hosts(stack: Stack, ours: list[str]) -> None:
    """Replaces the stack's lines in /etc/hosts; another stack's `up` or `down` waits meanwhile.

    Writes in place, since the file may be a mount, which cannot be replaced.
    """
    with HOSTS.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = [line for line in file.read().splitlines() if not line.endswith(_mark(stack))]
        file.seek(0)
        file.write("".join(f"{line}\n" for line in [*lines, *ours]))
        file.truncate()


def _mark(stack: Stack) -> str:
    return f"# {PROJECT} {stack.name}"


def _certificate(stack: Stack, registry: str) -> Path:
    return DOCKER_TRUST / registry / f"{PROJECT}-{stack.name}.crt"


def _certificates(stack: Stack) -> list[Path]:
    return sorted(DOCKER_TRUST.glob(f"*/{PROJECT}-{stack.name}.crt"))


def _note(stack: Stack) -> Path:
    return LOCAL / "trust" / f"{stack.name}.json"
