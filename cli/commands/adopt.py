"""./store adopt: the stack of a Nexus that is already there, with everything that it holds."""

import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cli.console import say
from cli.errors import CommandError
from cli.files import write_atomically
from cli.machine.progress import run_steps
from cli.machine.toolchain import pulumi_steps
from cli.paths import ROOT, STACK_FILES
from cli.process import run
from cli.stack import creation
from cli.stack.authority import Place, trusted_authority
from cli.stack.lock import StackLock
from cli.stack.stack import Stack
from exports import adopted_file, terraform
from exports.adoption import Adoption
from exports.inventory import Inventory
from nexus.errors import NexusError, Unauthorized
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.objects.reader import Reader
from policy import baseline
from policy.baseline import Known
from stacks.external_nexus import web_address

_PASSWORD, _ADDRESS, _CA = "NEXUS_PASSWORD", "NEXUS_ADDRESS", "NEXUS_CA"
_EXAMPLE = "./store adopt https://nexus.domain.org"
_NAMES = 10


@dataclass(frozen=True)
class Options:
    """The options of a takeover."""

    stack: str = ""
    """Its name; empty takes the first word of the host's."""
    fingerprint: str = ""
    """SHA-256 of the CA to trust, which is not asked about then."""
    names: Path | None = None
    """The output of `terraform state pull`: only what Terraform manages is declared."""
    yes: bool = False
    wait: bool = True


def adopt(url: str, options: Options) -> None:
    """Makes the stack. Nothing on the server changes, and whatever fails leaves no file.

    Raises:
        CommandError: the server, its login, its certificate or a file is not as it has to be, or a stack of that name
            exists.
    """
    url = _checked(url)
    stack = Stack(options.stack or urlsplit(url).hostname.split(".")[0])  # type: ignore[union-attr] # it has a host
    creation.check(stack.name, ())
    names = _names(options.names)
    with StackLock(stack, "adopt", wait=options.wait, own=True):
        files = _Files.of(stack)
        if creation.is_half_adopted(stack):
            files.discard()
        files.refuse_existing(url)
        connection = _connection(url, options)
        found = _read(connection)
        adoption = found.named_by(names) if names else found
        settings = _settings(connection, adoption, files)
        judged = _judged(stack, connection, settings, adoption)
        adoption = adoption.without(judged["left"])
        settings = {key: value for key, value in settings.items() if key not in judged["left"]}
        known = [Known(**each) for each in judged["known"]]
        run_steps(pulumi_steps())
        files.write(connection, adoption, settings, judged["needed"], known)
    _report(stack, adoption, judged["needed"], known)
    if names:
        _compare(names, found, adoption)


def _checked(url: str) -> str:
    """The URL without a trailing slash. One with a login is refused, since others can read a command line."""
    if "@" in urlsplit(url).netloc:
        raise CommandError(
            "URL",
            "it has a login, which others on this machine can read",
            allowed="a URL without one",
            fix=f"{_EXAMPLE}, which asks for the password, or {_PASSWORD} in the environment",
        )
    try:
        return web_address(url)
    except ValueError as error:
        raise CommandError(
            "URL", "not the address of a Nexus", got=repr(url), allowed=str(error), fix=_EXAMPLE
        ) from None


def _names(file: Path | None) -> terraform.Names | None:
    if file is None:
        return None
    try:
        return terraform.names(file.read_text(encoding="utf-8-sig"))
    except (terraform.WrongState, UnicodeDecodeError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        fix = f"terraform state pull >{file.name}, where Terraform runs"
        raise CommandError("--names", str(reason), got=str(file), allowed="a Terraform state", fix=fix) from None


def _connection(url: str, options: Options) -> Connection:
    address, ca = os.environ.get(_ADDRESS, ""), os.environ.get(_CA, "")
    pem = Path(ca).read_text(encoding="utf-8") if ca else ""
    asks = sys.stdin.isatty() and not options.yes
    pem = trusted_authority(Place(url, address), pem=pem, fingerprint=options.fingerprint, asks=asks)
    return Connection(url=url, password=_password(url), address=address or None, ca_pem=pem)


def _password(url: str) -> str:
    if given := os.environ.get(_PASSWORD, ""):
        return given
    if not sys.stdin.isatty():
        raise CommandError(_PASSWORD, "missing", allowed=f"the password of admin on {url}", fix=f"export {_PASSWORD}")
    return getpass.getpass(f"Password of admin on {url}: ", sys.stderr)


def _read(connection: Connection) -> Adoption:
    say(f"reading {connection.url} ...")
    try:
        return Adoption.of(Inventory(Reader(NexusClient(connection))))
    except Unauthorized:
        raise CommandError(
            _PASSWORD,
            f"{connection.url} refuses it for the user admin",
            allowed="the administrator's password",
            fix=f"the same command with another {_PASSWORD}",
        ) from None
    except NexusError as error:
        raise CommandError("", str(error)) from None


def _settings(connection: Connection, adoption: Adoption, files: "_Files") -> dict[str, Any]:
    """What the stack file has beside the topology, and without secrets."""
    nexus = {"url": connection.url, **({"caBundle": files.authority.name} if connection.ca_pem else {})}
    address = {"address": connection.address} if connection.address else {}
    anonymous = adoption.settings.get("anonymousAccess")
    plain = anonymous["enabled"] if anonymous and len(anonymous) == 1 else anonymous
    return {"nexus": nexus, **address, **adoption.settings, **({} if plain is None else {"anonymousAccess": plain})}


def _judged(stack: Stack, connection: Connection, settings: Mapping[str, Any], adoption: Adoption) -> Any:
    """What `policy.takeover` finds. The file with the CA is not there yet."""
    login = {connection.username: connection.password}
    given = {**settings, "passwords": login, "nexus": {"url": connection.url}}
    text = json.dumps({"stack": stack.name, "settings": given, "topology": adoption.sections})
    done = run([sys.executable, "-m", "policy.takeover"], text=text)
    if done.returncode:
        raise CommandError("adopt", f"the policies could not be checked: {done.stderr.strip().splitlines()[-1]}")
    found = json.loads(done.stdout)
    if "refused" in found:
        raise CommandError("adopt", found["refused"])
    return found


@dataclass(frozen=True)
class _Files:
    """What is written for a stack."""

    stack: Stack
    topology: Path
    policies: Path
    authority: Path

    @classmethod
    def of(cls, stack: Stack) -> "_Files":
        named = STACK_FILES / f"{stack.name}.yaml", baseline.file_of(stack.name), STACK_FILES / f"{stack.name}-ca.pem"
        return cls(stack, *named)

    @property
    def beside(self) -> tuple[Path, ...]:
        return self.topology, self.policies, self.authority

    def discard(self) -> None:
        creation.discard(self.stack, *self.beside)

    def refuse_existing(self, url: str) -> None:
        """Refuses to replace anything."""
        there = [str(each.relative_to(ROOT)) for each in (self.stack.file, *self.beside) if each.exists()]
        if there or self.stack.is_in_local_backend or self.stack.unfinished.exists():
            raise CommandError(
                f"STACK={self.stack.name}",
                f"there is {' and '.join(there) or 'a stack of that name'} already",
                allowed="the name of a new stack",
                fix=f"./store adopt {url} --stack OTHER",
            )

    def write(
        self,
        connection: Connection,
        adoption: Adoption,
        settings: Mapping[str, Any],
        needed: Sequence[str],
        known: Sequence[Known],
    ) -> None:
        """Creates the stack with everything beside it, or nothing."""
        pairs = ("topology=" + self.topology.name, *_pairs(settings))
        wanted = creation.Wanted(pairs, adopts=connection.url)
        try:
            creation.record(self.stack, wanted)  # so that an `adopt` after a kill removes what this one wrote
            if connection.ca_pem:
                write_atomically(self.authority, connection.ca_pem)
            if known:
                write_atomically(self.policies, baseline.text(known))
            write_atomically(self.topology, adopted_file.text(adoption, connection.url, needed, self.stack.name))
            creation.make(self.stack, wanted, {connection.username: connection.password})
        except BaseException:
            self.discard()
            raise


def _pairs(value: Any, path: str = "") -> list[str]:
    """Settings as `key=value`, with lists and mappings by their paths."""
    if isinstance(value, Mapping):
        return [pair for key, each in value.items() for pair in _pairs(each, f"{path}.{key}" if path else str(key))]
    if isinstance(value, list):
        return [pair for place, each in enumerate(value) for pair in _pairs(each, f"{path}[{place}]")]
    return [f"{path}={str(value).lower() if isinstance(value, bool) else value}"]


def _report(stack: Stack, adoption: Adoption, needed: Sequence[str], known: Sequence[Known]) -> None:
    """Says what the stack declares, what it lacks and what to type next."""
    counts = ", ".join(f"{count} {section}" for section, count in adoption.counts.items())
    say(f"stacks/{stack.name}.yaml declares what is on the server: {counts or 'nothing'}")
    for what, reasons in (("not declared", adoption.left), ("could not be read", adoption.unread)):
        for key, reason in reasons.items():
            say(f"{what}: {key}: {' '.join(reason.split())}")
    if known:
        say(f"policies: {len(known)} known, 0 new (stacks/{stack.name}.policies.yaml)")
    if needed:
        say("set these secrets first, each on standard input:")
        for key in needed:
            say(f"    {adopted_file.command(key, stack.name)}")
    say(f"next: make preview STACK={stack.name}")


def _compare(names: terraform.Names, found: Adoption, adoption: Adoption) -> None:
    """Says where Terraform's state and the server differ."""
    beside = set(found.beside(names))
    for what, keys in (
        ("Terraform manages it, and the server does not have it", found.gone(names)),
        ("declared too, since what Terraform manages refers to it", [key for key in _keys(adoption) if key in beside]),
        ("on the server, and not managed by Terraform", sorted(beside - set(_keys(adoption)))),
    ):
        if keys:
            more = f" and {len(keys) - _NAMES} more" if len(keys) > _NAMES else ""
            say(f"{what}: {', '.join(keys[:_NAMES])}{more}")
    for address, reason in names.unknown.items():
        say(f"Terraform's {address}: {reason}")


def _keys(adoption: Adoption) -> list[str]:
    return [each.key for each in adoption.objects]
