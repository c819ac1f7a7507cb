"""A signal that arrives while a program starts."""

import subprocess
import sys

from cli.paths import ROOT

CTRL_C_WHILE_IT_STARTS = """
import os, signal
from cli.process import end_on_signals, run

end_on_signals()
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))
print(run(["echo", "begun"]))
"""


def test_ctrl_c_while_a_program_starts_ends_it_without_running_our_handler() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CTRL_C_WHILE_IT_STARTS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "CompletedProcess(args=['echo', 'begun'], returncode=-2, stdout='', stderr='')\n"
    assert done.stderr == ""
