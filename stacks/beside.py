"""Files that a stack file names: those beside it and below, and no other of the machine."""

from pathlib import Path


def within(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, with every symbolic link followed; None where that leads out of it.

    Raises:
        OSError: the name is none that a file can have.
        ValueError: likewise.
    """
    inside = folder.resolve()
    file = (inside / name).resolve()
    return file if file.is_relative_to(inside) else None
