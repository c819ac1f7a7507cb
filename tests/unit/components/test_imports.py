"""What each preview and each up would wait for, and only some need."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_cryptography_is_loaded_for_a_certificate_that_the_stack_file_gives_and_for_no_other() -> None:
    loaded = "import sys; from components import store; print('cryptography' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", loaded], cwd=ROOT, text=True).strip() == "False"
