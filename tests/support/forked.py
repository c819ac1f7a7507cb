"""Runs modules as commands, each in a process of its own, without importing what they need each time.

`Forks` starts one Python, which imports the modules once and forks for each command: the command has its own folder,
environment, standard streams, exit and global state, as if `python -m` had started it. It has not its own imports: a
module that reads its environment or its folder while it is imported does so once, and code that a test has changed
since is not seen. A test of these starts a Python.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Forks:
    """A Python with the modules, and with all of each package named in `PACKAGE.*`; it imports them from the folder."""

    def __init__(self, folder: Path, *modules: str, environment: Mapping[str, str] = os.environ) -> None:
        command = [sys.executable, __file__, *modules]
        self._python = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._python.communicate)
        assert self._answer() == "imported\n"

    def run(
        self, module: str, *arguments: str, folder: Path, environment: Mapping[str, str], given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """The module, or with `-c` the code, run to its end in the folder, with what it printed."""
        with tempfile.TemporaryDirectory() as streams:
            names = [str(Path(streams) / name) for name in ("in", "out", "err")]
            Path(names[0]).write_text(given)
            self._tell({"module": module, "arguments": arguments, "folder": str(folder),
                        "environment": dict(environment), "streams": names})  # fmt: skip
            code = int(self._answer())
            return subprocess.CompletedProcess(
                [module, *arguments], code, *(Path(name).read_text() for name in names[1:])
            )

    def _tell(self, command: Mapping[str, Any]) -> None:
        assert self._python.stdin
        print(json.dumps(command), file=self._python.stdin, flush=True)

    def _answer(self) -> str:
        assert self._python.stdout
        return self._python.stdout.readline()


def _import(modules: list[str]) -> None:
    sys.path[0] = os.getcwd()  # as python -m has it
    for name in modules:
        module = importlib.import_module(name.removesuffix(".*"))
        if name.endswith(".*"):
            for each in pkgutil.walk_packages(module.__path__, f"{module.__name__}."):
                importlib.import_module(each.name)
    gc.freeze()


def _become(command: dict[str, Any]) -> str:
    """Makes this process the command's; returns its module, which may be imported but has not run as a command."""
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environment"])
    for fd, name in enumerate(command["streams"]):
        opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, fd)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it is open until the process ends
    sys.argv = [command["module"], *command["arguments"]]
    for name in (command["module"], f"{command['module']}.__main__"):
        if not hasattr(sys.modules.get(name), "__path__"):
            sys.modules.pop(name, None)
    return str(command["module"])


def _fork_for_each() -> str:
    """Returns in the processes of the commands only."""
    print("imported", flush=True)
    for line in sys.stdin:
        if not (pid := os.fork()):
            return _become(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    sys.exit()


if __name__ == "__main__":
    _import(sys.argv[1:])
    if (_module := _fork_for_each()) == "-c":
        exec(sys.argv.pop(1), {"__name__": "__main__"})
    else:
        runpy.run_module(_module, run_name="__main__", alter_sys=True)
