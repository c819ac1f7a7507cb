"""Slow imports that only some previews and ups need."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_cryptography_is_not_imported_at_start() -> None:
    loaded = "import sys; from components import store; print('cryptography' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", loaded], cwd=ROOT, text=True).strip() == "False"
