"""Creates a stack of this machine from its template. If it is interrupted at any step, it continues from there.

The settings are recorded first, until the stack is complete: its file has passwords, and Pulumi's backend a state.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.files import write_atomically
from cli.paths import ROOT, STACK_FILES
from cli.process import run
from cli.stack.address import choose_address
from cli.stack.environment import stack_environment
from cli.stack.passphrase import ensure_passphrase, lock_of_local, new_secret
from cli.stack.stack import Stack
from nexus.advice import password

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PAIR = re.compile(r"[A-Za-z][^=]*=.*", re.DOTALL)
_USERS = ("admin", "jenkins", "ci-pull", "ci-push")
_EXAMPLE = 'make new-stack NAME=trial SET="hostname=nexus.trial.test nginx.httpsPort=8443 nginx.httpPort=8080"'
_KEYS = "nexus.encryptionKeys"
_ADDRESS_KEYS = ("address", "nginx.bindAddress")


@dataclass(frozen=True)
class Wanted:
    """The settings of a new stack that differ from the template, as `key=value`."""

    pairs: tuple[str, ...] = ()
    is_new: bool = True
    """Whether the stack was not complete before."""
    adopts: str = ""
    """The URL of the Nexus that it takes over: only `adopt` itself makes such a stack, from its start."""

    @property
    def keys(self) -> set[str]:
        return {pair.partition("=")[0] for pair in self.pairs}

    @property
    def is_external(self) -> bool:
        return "nexus.url" in self.keys

    @property
    def users(self) -> tuple[str, ...]:
        """The users whose passwords are generated; an external Nexus has its own."""
        return () if self.is_external else _USERS

    @property
    def template(self) -> Path:
        kind = "adopted" if self.adopts else "existing" if self.is_external else "local"
        return STACK_FILES / f"{kind}.template.yaml"

    @property
    def chooses_address(self) -> bool:
        return self.is_new and not (self.is_external or self.keys & {*_ADDRESS_KEYS, "docker.host"})


def check(name: str, pairs: Sequence[str]) -> None:
    """Refuses an invalid name or pair, before anything is created.

    Raises:
        CommandError: the name or a pair is invalid.
    """
    if not _NAME.fullmatch(name):
        raise CommandError(
            "NAME", "not a stack name", got=repr(name), allowed="letters, digits, _, . and -", fix=_EXAMPLE
        )
    file = Stack(name).file.relative_to(ROOT)
    if run(["git", "ls-files", "--error-unmatch", file]).returncode == 0:
        raise CommandError(
            "NAME",
            f"{file} is in git and deployed as docs/environments.md says",
            got=name,
            allowed="another name",
            fix=_EXAMPLE,
        )
    for pair in pairs:
        if not _PAIR.fullmatch(pair):
            raise CommandError(
                "SET",
                "not a setting",
                got=repr(pair),
                allowed="KEY=VALUE of the stack file; with spaces: ./store new-stack --set",
                fix=_EXAMPLE,
            )


def is_made(stack: Stack) -> bool:
    """Whether the stack is complete: it is in Pulumi's backend, and has a stack file and no record."""
    return stack.is_in_local_backend and stack.file.exists() and not stack.unfinished.exists()


def wanted(stack: Stack, pairs: Sequence[str]) -> Wanted:
    """The settings for a new or changed stack, including the recorded ones of an interrupted creation."""
    recorded = _recorded(stack).pairs
    url = stack.settings.given("nexus.url")
    external = [f"nexus.url={url}"] if url else []
    merged = {pair.partition("=")[0]: pair for pair in (*external, *recorded, *pairs)}
    return Wanted(tuple(merged.values()), is_new=not is_made(stack))


def make(stack: Stack, wanted: Wanted | None = None, passwords: Mapping[str, str] = MappingProxyType({})) -> Stack:
    """Creates the stack, or finishes its creation; None takes the recorded settings. The caller holds its lock, and has
    an engine running if `wanted` has `chooses_address`.

    Raises:
        CommandError: a step failed.
    """
    wanted = wanted or _of_record(stack)
    say(f"creating {stack.file.relative_to(ROOT)} ...")
    with lock_of_local():
        ensure_passphrase()
    record(stack, wanted)
    environment = stack_environment(stack)
    if not stack.file.exists():
        shutil.copy(wanted.template, stack.file)
    if not stack.is_in_local_backend:
        _pulumi(environment, "stack", "init", stack.name, "--secrets-provider", "passphrase", "--no-select")
    with rewritten(stack) as file:
        _fill(file, wanted, environment, passwords)
    stack.unfinished.unlink()
    return Stack(stack.name)


def record(stack: Stack, wanted: Wanted) -> None:
    """Notes that the stack is being created."""
    write_atomically(stack.unfinished, json.dumps(asdict(wanted)))


def is_half_adopted(stack: Stack) -> bool:
    """Whether an `adopt` was killed before the stack was complete."""
    return bool(_recorded(stack).adopts)


def discard(stack: Stack, *files: Path) -> None:
    """Removes a stack that could not be completed, with the files that were written beside it."""
    if stack.is_in_local_backend:
        run(
            ["pulumi", "stack", "rm", stack.name, "--yes", "--force", "--preserve-config", "--non-interactive"],
            env=stack_environment(stack),
        )
    for file in (*_states(stack), *files, stack.file, _copy_of(stack), stack.unfinished):
        file.unlink(missing_ok=True)


def _of_record(stack: Stack) -> Wanted:
    recorded = _recorded(stack)
    if recorded.adopts:
        raise CommandError(
            f"STACK={stack.name}",
            "taking over its Nexus was interrupted",
            fix=f"./store adopt {recorded.adopts} --stack {stack.name}",
        )
    return recorded


def _fill(file: Path, wanted: Wanted, environment: dict[str, str], passwords: Mapping[str, str]) -> None:
    """Writes the settings and generated passwords into a copy of the stack file."""
    existing = Stack(environment["REPOSITORY_STORE_STACK"], file).settings
    pairs = list(wanted.pairs)
    if wanted.chooses_address and not existing.given("address"):
        address = choose_address(environment["REPOSITORY_STORE_STACK"], Docker())
        pairs += [f"{key}={address}" for key in _ADDRESS_KEYS]
    # An existing store has encrypted passwords with Nexus's default key; it gets another one only on request.
    has_key = wanted.is_new and bool(wanted.users) and not existing.given(_KEYS)
    pairs += [f"{_KEYS}[0].id=first"] if has_key else []
    config = ["--config-file", str(file), "--stack", environment["REPOSITORY_STORE_STACK"], "--path"]
    if pairs:
        plain = [part for pair in pairs for part in ("--plaintext", pair)]
        _pulumi(environment, "config", "set-all", *config, *plain)
    for user in (*passwords, *wanted.users):
        if not existing.given("passwords", user):
            secret = passwords.get(user) or new_secret()
            _pulumi(environment, "config", "set", *config, "--secret", password(user), text=secret)
    if has_key:
        _pulumi(environment, "config", "set", *config, "--secret", f"{_KEYS}[0].key", text=new_secret())


@contextmanager
def rewritten(stack: Stack) -> Iterator[Path]:
    """Yields a copy of the stack file, which replaces the file after the block."""
    copy = _copy_of(stack)
    shutil.copy(stack.file, copy)
    yield copy
    write_atomically(stack.file, copy.read_text(encoding="utf-8"))
    copy.unlink()


def _states(stack: Stack) -> list[Path]:
    """What Pulumi's backend has of it, with the copies beside it."""
    return [file for state in stack.checkpoints for file in state.parent.glob(f"{state.name}*")]


def _copy_of(stack: Stack) -> Path:
    return stack.unfinished.with_name(f"Pulumi.{stack.name}.yaml")


def _recorded(stack: Stack) -> Wanted:
    try:
        found = stack.creation_record
        return Wanted(tuple(found["pairs"]), bool(found["is_new"]), str(found.get("adopts", "")))
    except (KeyError, TypeError):
        return Wanted()


def _pulumi(environment: dict[str, str], *arguments: str, text: str | None = None) -> None:
    done = run(["pulumi", *arguments, "--non-interactive"], env=environment, text=text)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise CommandError(f"pulumi {' '.join(arguments[:2])}", (lines or ["it failed"])[-1].removeprefix("error: "))
