"""python -m tools.go_command MODULE ARGUMENTS...: runs the Go that builds our programs in the folder of a module."""

import os
import subprocess
import sys
from pathlib import Path

from cli.machine.go import go_steps, the_go
from cli.machine.progress import run_steps
from cli.paths import ROOT
from lab.go import ENVIRONMENT


def main(module: str, *arguments: str) -> int:
    run_steps(go_steps())
    command: list[str | Path] = [the_go().program, *arguments]
    return subprocess.run(command, cwd=ROOT / module, env=go_environment(), check=False).returncode


def go_environment() -> dict[str, str]:
    """This environment, with Go on PATH and the settings of our builds."""
    return {**os.environ, **ENVIRONMENT, "PATH": f"{the_go().program.parent}:{os.environ['PATH']}"}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
