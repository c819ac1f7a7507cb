from pathlib import Path

import pytest


@pytest.fixture
def empty_engine(tmp_path: Path) -> dict[str, str]:
    """The environment of a program whose engine has nothing; without an engine to ask, it would end."""
    command = tmp_path / "docker"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    return {"PATH": str(tmp_path)}
