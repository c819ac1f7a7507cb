from pathlib import Path

import pytest


def play_docker(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Makes a shell script the docker command; `$FOLDER` is the folder, where it finds answers and leaves notes."""
    command = folder / "docker"
    command.write_text(script)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("FOLDER", str(folder))
