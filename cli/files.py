"""Files that are there whole or not at all, and files of YAML."""

import os
import tempfile
from pathlib import Path
from typing import Any

import yaml


def write_atomically(path: Path, content: str, mode: int = 0o644) -> None:
    """Writes the file beside its place, and puts it there when it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_yaml(path: Path) -> Any:
    """What is in the file, by the loader in C where PyYAML has it, which is ten times as fast.

    Raises:
        OSError, yaml.YAMLError, UnicodeDecodeError: it cannot be read, or is no YAML.
    """
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
