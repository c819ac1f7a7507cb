"""What Pulumi keeps of earlier states in .local, so that it does not grow without end."""

from pathlib import Path

from cli.paths import LOCAL
from cli.stack.stack import PROJECT, Stack

KEPT = 50


def prune(stack: Stack) -> None:
    """Leaves the newest updates of a stack in .local/.pulumi/history, and the newest states in backups."""
    for folder, endings in (("history", ("history.json", "checkpoint.json")), ("backups", ("json",))):
        found = LOCAL / ".pulumi" / folder / PROJECT / stack.name
        for ending in endings:
            for file in _oldest(found, ending):
                file.unlink(missing_ok=True)
                Path(f"{file}.attrs").unlink(missing_ok=True)


def _oldest(folder: Path, ending: str) -> list[Path]:
    """All but the newest ones; their names have the time, in nanoseconds."""
    files = [path for path in folder.glob("*") if path.name.removesuffix(".gz").endswith(f".{ending}")]
    return sorted(files, key=lambda path: path.name)[:-KEPT]
