"""Limits the earlier states that Pulumi keeps in .local."""

from pathlib import Path

from cli.paths import LOCAL
from cli.stack.stack import PROJECT, Stack

KEPT = 50


def prune(stack: Stack) -> None:
    """Keeps only a stack's newest updates in .local/.pulumi/history, and its newest states in backups."""
    for folder, endings in (("history", ("history.json", "checkpoint.json")), ("backups", ("json",))):
        found = LOCAL / ".pulumi" / folder / PROJECT / stack.name
        for ending in endings:
            for file in _oldest(found, ending):
                file.unlink(missing_ok=True)
                Path(f"{file}.attrs").unlink(missing_ok=True)


def _oldest(folder: Path, ending: str) -> list[Path]:
    """All except the newest ones; the names contain the time in nanoseconds."""
    files = [path for path in folder.glob("*") if path.name.removesuffix(".gz").endswith(f".{ending}")]
    return sorted(files, key=lambda path: path.name)[:-KEPT]
