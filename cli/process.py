"""Programs that commands run. They end when this process does, however it ends."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cli.errors import Ended
from cli.paths import ROOT

_PR_SET_PDEATHSIG = 1
_SECONDS_TO_END = 30
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Arguments = Sequence[str | Path]


def run(
    command: Arguments,
    *,
    env: Mapping[str, str] | None = None,
    text: str | None = None,
    seconds: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end and takes what it prints; `text` is its standard input.

    Raises:
        subprocess.TimeoutExpired: it took longer than `seconds`.
    """
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=with_this_process(),
        umask=_umask(command),
    )
    with ended_with_this(process):
        printed, errors = process.communicate(text, seconds)
    return subprocess.CompletedProcess(command, process.returncode, printed, errors)


def attached(
    command: Arguments, env: Mapping[str, str], *, text: str | None = None, output: IO[Any] | None = None
) -> int:
    """Runs a program on the terminal of this process, or with its standard output to a file; returns its exit code.

    What the terminal sends to both, such as Ctrl-C, is the program's to answer.
    """
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=None if text is None else subprocess.PIPE,
        stdout=output,
        text=True,
        preexec_fn=with_this_process(),
        umask=_umask(command),
    )
    with ignored(signal.SIGINT), ended_with_this(process):
        process.communicate(text)
    return process.returncode


def module(name: str, *arguments: str, text: str | None = None, env: Mapping[str, str] = os.environ) -> None:
    """Runs a package of the project that is a program too, on this command's own output.

    Raises:
        Ended: it failed, and said why.
    """
    code = attached([sys.executable, "-m", name, *arguments], env, text=text)
    if code:
        raise Ended(code)


def start(
    command: Arguments, env: Mapping[str, str], output: IO[Any], pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Starts a program in a process group of its own: the terminal's signals reach it through this process alone."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        pass_fds=pass_fds,
        preexec_fn=with_this_process(),
        umask=_umask(command),
    )


def _umask(command: Arguments) -> int:
    """The state of an own stack, its history, plans and stack files are their owner's alone; -1 is as it was."""
    return 0o077 if Path(command[0]).name == "pulumi" else -1


@contextmanager
def ended_with_this(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Ends the program before an exception, such as Interrupted, goes on."""
    try:
        yield
    except BaseException:
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def with_this_process() -> Callable[[], None]:
    """What a child does before it becomes the program: it asks the kernel for SIGTERM when this process is gone."""
    parent = os.getpid()

    def apply() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(128 + signal.SIGTERM)

    return apply


class ignored:
    """While it lasts, this process does nothing about a signal."""

    def __init__(self, signum: signal.Signals) -> None:
        self._signum = signum

    def __enter__(self) -> None:
        self._before = signal.signal(self._signum, lambda *_: None)

    def __exit__(self, *_: object) -> None:
        signal.signal(self._signum, self._before)


class Interrupted(BaseException):
    """A signal asks the command to end; what it has begun is put in order on the way out."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.code = 128 + signum


def end_on_signals() -> None:
    """Makes SIGINT, SIGTERM and SIGHUP raise Interrupted in the main thread."""

    def interrupt(signum: int, _frame: object) -> None:
        raise Interrupted(signum)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(signum) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(signum, interrupt)
