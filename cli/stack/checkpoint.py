"""Repairs the state file of a stack of this machine after a kill, a full disk or a power failure cut it short."""

import gzip
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cli.console import say
from cli.errors import CommandError
from cli.paths import LOCAL
from cli.stack.stack import PROJECT, Stack

_ENDINGS = (".json.gz", ".json")
_GZIP = b"\x1f\x8b"


def repair(stack: Stack, local: Path = LOCAL) -> None:
    """Replaces a damaged state file with its newest intact copy, and prints which.

    Pulumi keeps the state before the last step next to the file (`.bak`), and the state after each update in `backups`.
    The `.attrs` files that it keeps of each file are not part of the state: damaged ones are removed.

    Raises:
        CommandError: it is damaged, and so is every copy.
    """
    folder = _folder(local)
    _remove_damaged_attributes([local / ".pulumi" / "meta.yaml", *folder.glob(f"{stack.name}.json*")])
    file = file_of(stack, local)
    if file is None or _is_whole(file):
        return
    for copy in _copies(stack, file, local):
        if _is_whole(copy):
            _replace(file, copy)
            when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(copy.stat().st_mtime))
            say(f"the state of the stack {stack.name} was cut short: it is restored as of {when}, from {_shown(copy)}")
            return
    raise CommandError(
        f"stack {stack.name}",
        f"its state {_shown(file)} is damaged, and so is every copy of it",
        fix=f"put a copy of your own there; or rm {_shown(file)}, and take over what the engine holds as "
        "described in docs/environments.md",
    )


def file_of(stack: Stack, local: Path = LOCAL) -> Path | None:
    """The state file; None before the stack is made."""
    return next((path for ending in _ENDINGS if (path := _folder(local) / f"{stack.name}{ending}").exists()), None)


def is_damaged(stack: Stack, local: Path = LOCAL) -> bool:
    file = file_of(stack, local)
    return file is not None and not _is_whole(file)


def content(file: Path) -> dict[str, Any]:
    """Pulumi's checkpoint. Its `latest` is the deployment that `pulumi stack export` prints; None before the first one.

    Raises:
        ValueError: the file was cut short.
    """
    try:
        written = file.read_bytes()
        document = json.loads(gzip.decompress(written) if written.startswith(_GZIP) else written)
        found: dict[str, Any] = document["checkpoint"]
    except (EOFError, zlib.error, gzip.BadGzipFile, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return found


def _folder(local: Path) -> Path:
    return local / ".pulumi" / "stacks" / PROJECT


def _copies(stack: Stack, file: Path, local: Path) -> Iterator[Path]:
    """The copies of the state file, newest first."""
    yield file.with_name(f"{file.name}.bak")
    backups = (local / ".pulumi" / "backups" / PROJECT / stack.name).glob(f"{stack.name}.*")
    yield from sorted((path for path in backups if path.name.endswith(_ENDINGS)), reverse=True)


def _replace(file: Path, copy: Path) -> None:
    """Copies to a temporary file and renames it; the damaged file is kept next to it."""
    file.rename(file.with_name(f"{file.name}.damaged"))
    fresh = file.with_name(f"{file.name}.restoring")
    shutil.copyfile(copy, fresh)
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    fresh.rename(file)
    Path(f"{file}.attrs").unlink(missing_ok=True)


def _is_whole(file: Path) -> bool:
    try:
        content(file)
    except (OSError, ValueError):
        return False
    return True


def _remove_damaged_attributes(files: list[Path]) -> None:
    for file in files:
        attributes = file if file.name.endswith(".attrs") else Path(f"{file}.attrs")
        try:
            json.loads(attributes.read_bytes())
        except FileNotFoundError:
            pass
        except ValueError:
            attributes.unlink()


def _shown(path: Path) -> str:
    return os.path.relpath(path)
