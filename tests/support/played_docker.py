from pathlib import Path

import pytest


def play_docker(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Puts a script on PATH as the docker command; it reads its answers from `$FOLDER` and logs its calls there."""
    command = folder / "docker"
    command.write_text(script)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("FOLDER", str(folder))
