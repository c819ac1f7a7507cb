"""A provider ends after its engine was killed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROVIDER = """
import threading
from nexus.engine_watch import end_with_engine
end_with_engine()
print("port", flush=True)
threading.Event().wait()
"""


def test_the_provider_ends_when_its_output_is_closed_although_its_parent_lives() -> None:
    # With a shell in between, like Pulumi's launcher: it waits for the provider and ends with it.
    launcher = ["sh", "-c", '"$0" -c "$1"; exit $?', sys.executable, PROVIDER]
    started = subprocess.Popen(launcher, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == "port\n"
    assert started.poll() is None
    started.stdout.close()
    assert started.wait(timeout=60) == 1
