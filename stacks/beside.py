"""Files that a stack file names: they must be in its own folder or below."""

from pathlib import Path


def within(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, with symbolic links resolved; None if it is outside the folder.

    Raises:
        OSError: the name is not a valid file name.
        ValueError: likewise.
    """
    inside = folder.resolve()
    file = (inside / name).resolve()
    return file if file.is_relative_to(inside) else None
