"""python -m tests.integration.provider.upgrade COMMIT: records state and requests of an older tree for test_upgrade.py.

The commit must have tests/integration/provider, and the same Python packages.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cli.machine.toolchain import ensure_built_pulumi
from tests.integration.provider.play import ROOT

FOLDER = Path(__file__).parent


def main(commit: str) -> int:
    with tempfile.TemporaryDirectory(prefix="upgrade-") as name:
        tree = Path(name) / "tree"
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", tree, commit], cwd=ROOT, check=True)
        try:
            (tree / ".venv").symlink_to(ROOT / ".venv")
            subprocess.run(
                [sys.executable, FOLDER / "recording.py", FOLDER / f"{commit}.json", ensure_built_pulumi(), name],
                cwd=tree,
                env={**os.environ, "PYTHONPATH": str(tree)},
                check=True,
            )
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
