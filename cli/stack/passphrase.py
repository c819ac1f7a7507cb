"""The passphrase that encrypts the secrets of this machine's stacks, in their files and their state."""

import base64
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cli.errors import CommandError
from cli.files import write_atomically
from cli.paths import LOCAL, ROOT, STACK_FILES
from cli.stack import checkpoint
from cli.stack.pulumi import pulumi
from cli.stack.stack import PROJECT, Stack

PASSPHRASE = LOCAL / "passphrase"
_BYTES = 24
_NEW = LOCAL / "new-passphrase"
"""A copy of every stack under the next passphrase."""
_COMPLETE = _NEW / "complete"
"""Exists once the copies are complete: from then on they count, and not what they replace."""
_STATES = Path(".pulumi") / "stacks" / PROJECT


def ensure_passphrase() -> None:
    """Generates it for the first stack. The caller holds the lock of .local.

    Raises:
        CommandError: as `refuse_lost_passphrase`.
    """
    if _is_there():
        return
    refuse_lost_passphrase()
    write_atomically(PASSPHRASE, new_secret() + "\n", 0o600)


def _is_there() -> bool:
    return PASSPHRASE.exists() and PASSPHRASE.stat().st_size > 0


def refuse_lost_passphrase() -> None:
    """Refuses to continue without the passphrase of existing secrets; a new one could not decrypt them.

    Raises:
        CommandError: it is missing, but secrets that it encrypts exist.
    """
    if _is_there():
        return
    checkpoints = sorted((LOCAL / ".pulumi" / "stacks").glob("*/*.json*"))
    names = {path.name.split(".json")[0] for path in checkpoints} | {"local"}
    files = [STACK_FILES / f"Pulumi.{name}.yaml" for name in sorted(names)]
    encrypted = [str(file.relative_to(ROOT)) for file in files if file.exists() and "secure:" in file.read_text()]
    if encrypted:
        name = str(PASSPHRASE.relative_to(ROOT))
        raise CommandError(
            name,
            f"it is missing, and nothing else decrypts the secrets of {', '.join(encrypted)} and the state in .local",
            allowed="the passphrase that encrypted them",
            fix=f"restore {name} from your backup of .local (docs/lost-local.md says what to do without one)",
        )


def new_secret() -> str:
    """A generated password: 24 random bytes, in letters, digits, - and _."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode()


@contextmanager
def lock_of_local() -> Iterator[None]:
    """Stacks of this machine share the passphrase, and two commands may work on two of them at once."""
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with (LOCAL / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def replace(stacks: Iterable[Stack], environment: Mapping[str, str]) -> None:
    """Encrypts the stacks of this machine, their files and their states with a new passphrase.

    Pulumi works on copies: it would write a stack's file before its state, and end for good in between if it is killed.
    The caller holds the locks of all stacks.

    Raises:
        CommandError: Pulumi cannot decrypt one of them, and none is changed.
    """
    shutil.rmtree(_NEW, ignore_errors=True)
    fresh = new_secret()
    write_atomically(_NEW / PASSPHRASE.name, fresh + "\n", 0o600)
    _NEW.chmod(0o700)
    originals: dict[Path, bytes] = {}
    for stack in stacks:
        originals |= _copied(stack)
        command = ["stack", "change-secrets-provider", "passphrase", "--stack", stack.name, "--non-interactive"]
        on_copy = {**environment, "PULUMI_BACKEND_URL": f"file://{_NEW}"}
        pulumi(f"stack {stack.name}", "--cwd", _NEW, *command, env=on_copy, text=fresh + "\n")
    for file, content in originals.items():
        if not file.exists() or file.read_bytes() != content:
            name = str(file.relative_to(ROOT))
            raise CommandError(name, "it was changed meanwhile, past ./store's locks", fix="run the command again")
    write_atomically(_COMPLETE, "", 0o600)
    finish_replacement()


def finish_replacement() -> None:
    """Puts the copies in place of the stacks, also after a kill: every command calls this before it runs Pulumi."""
    if not _COMPLETE.exists():
        return
    with lock_of_local():
        if not _COMPLETE.exists():
            return
        for file in sorted((_NEW / "stacks").glob("Pulumi.*.yaml")):
            stack = Stack(file.name.removeprefix("Pulumi.").removesuffix(".yaml"))
            write_atomically(stack.file, file.read_text(encoding="utf-8"), 0o600)
            _place_state(stack)
            _forget_earlier_states(stack)
        write_atomically(PASSPHRASE, (_NEW / PASSPHRASE.name).read_text(encoding="utf-8"), 0o600)
        _COMPLETE.unlink()
        shutil.rmtree(_NEW)


def _copied(stack: Stack) -> dict[Path, bytes]:
    """Copies what Pulumi needs of a stack; returns what the copies will replace."""
    state = checkpoint.file_of(stack)
    if state is None or not stack.file.exists():
        raise CommandError(
            f"stack {stack.name}",
            "it is not complete, and has the passphrase of this machine's other stacks",
            allowed="a stack with its file and its state",
            fix=f"make new-stack NAME={stack.name}, or ./store pulumi stack rm --force {stack.name}",
        )
    for file in (ROOT / "Pulumi.yaml", stack.file, LOCAL / ".pulumi" / "meta.yaml", state):
        copy = _NEW / file.relative_to(LOCAL if file.is_relative_to(LOCAL) else ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            shutil.copyfile(file, copy)
    return {file: (_NEW / file.relative_to(base)).read_bytes() for file, base in ((stack.file, ROOT), (state, LOCAL))}


def _place_state(stack: Stack) -> None:
    """Pulumi reads one of two endings, so the other one must not stay."""
    fresh = checkpoint.file_of(stack, _NEW)
    if fresh is None:
        return
    target = LOCAL / _STATES / fresh.name
    waiting = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(fresh, waiting)
    waiting.chmod(0o600)
    with waiting.open("rb") as written:
        os.fsync(written.fileno())
    waiting.rename(target)
    for other in target.parent.glob(f"{stack.name}.json*"):
        if other != target:
            other.unlink()


def _forget_earlier_states(stack: Stack) -> None:
    """They have the former secrets under the former passphrase."""
    for folder in ("history", "backups"):
        shutil.rmtree(LOCAL / ".pulumi" / folder / PROJECT / stack.name, ignore_errors=True)
    (LOCAL / "unfinished" / stack.file.name).unlink(missing_ok=True)
