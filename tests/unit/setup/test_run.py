"""What Pulumi runs in each command does not wait for a network that may be closed."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_the_list_of_packages_asks_no_index_for_a_newer_pip(tmp_path: Path) -> None:
    (tmp_path / "pulumi").symlink_to("/bin/true")
    with socket.create_server(("127.0.0.1", 0)) as index:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.upper().startswith("PIP_")},
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "PIP_INDEX_URL": f"http://127.0.0.1:{index.getsockname()[1]}/simple",
            "PIP_CACHE_DIR": str(tmp_path / "cache"),
            "NO_PROXY": "127.0.0.1",
        }
        command = [ROOT / "setup/run", "production", "python", "-m", "pip", "list", "--format", "json"]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        index.setblocking(False)
        with pytest.raises(BlockingIOError):
            index.accept()
