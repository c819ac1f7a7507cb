"""python -m tools.upgrade_notes: prints the table of docs/upgrading.md, of what lies between two releases of Nexus."""

from stacks.upgrades.note import Note
from stacks.upgrades.notes import NOTES


def table() -> list[str]:
    """The lines of the table."""
    return ["| release | if | then | first | source |", "|---|---|---|---|---|", *map(_row, NOTES)]


def _row(note: Note) -> str:
    then = f"{_refused(note)}{_plain(note.breaks)}"
    source = f"[{note.source.split('/')[2]}]({note.source})"
    return f"| {_releases(note)} | {note.when} | {then} | {_plain(note.first)} | {source} |"


def _releases(note: Note) -> str:
    if not note.until:
        return f"{note.since} on"
    return note.since if note.until == note.since else f"{note.since} to {note.until}"


def _refused(note: Note) -> str:
    return f"**refused**, until you have stopped at {note.stop}: " if note.stop else ""


def _plain(text: str) -> str:
    """Without what Markdown would take for emphasis."""
    return text.replace("*", r"\*")


if __name__ == "__main__":
    print("\n".join(table()))
