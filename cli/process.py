"""Child processes of commands, which end with this process, even if it is killed; and the processes of others."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cli.errors import Ended
from cli.paths import LOCAL, ROOT

_PR_SET_PDEATHSIG = 1
_SECONDS_TO_END = 30
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Arguments = Sequence[str | Path]


def run(
    command: Arguments,
    *,
    env: Mapping[str, str] | None = None,
    text: str | None = None,
    seconds: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end and captures its output; `text` is its standard input.

    Raises:
        subprocess.TimeoutExpired: it took longer than `seconds`.
    """
    stdin = subprocess.DEVNULL if text is None else subprocess.PIPE
    pipe = subprocess.PIPE
    with running(command, cwd=ROOT, env=env, stdin=stdin, stdout=pipe, stderr=pipe, text=True) as process:
        printed, errors = process.communicate(text, seconds)
    return subprocess.CompletedProcess(command, process.returncode, printed, errors)


def attached(
    command: Arguments,
    env: Mapping[str, str],
    *,
    text: str | None = None,
    output: IO[Any] | None = None,
    started: Callable[[int], None] = lambda _process: None,
) -> int:
    """Runs a program on the terminal of this process, or with its standard output to a file; returns its exit code.

    Ctrl-C reaches both processes; this one ignores it, so that the program decides how to end.
    """
    stdin = None if text is None else subprocess.PIPE
    with (
        ignored(signal.SIGINT),
        running(command, cwd=ROOT, env=env, stdin=stdin, stdout=output, text=True) as process,
    ):
        started(process.pid)
        process.communicate(text)
    return process.returncode


def module(name: str, *arguments: str, text: str | None = None, env: Mapping[str, str] = os.environ) -> None:
    """Runs a package of the project with `python -m`, on this command's own output.

    Raises:
        Ended: it failed, and has printed why.
    """
    code = attached([sys.executable, "-m", name, *arguments], env, text=text)
    if code:
        raise Ended(code)


@contextmanager
def in_own_group(
    command: Arguments, env: Mapping[str, str], output: IO[Any], pass_fds: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a program in a process group of its own, so that the terminal's signals reach only this process."""
    with running(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        pass_fds=pass_fds,
    ) as process:
        yield process


@contextmanager
def running(command: Arguments, **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Starts a program with the options of `subprocess.Popen`, and ends it when an exception leaves the block.

    Signals are blocked while it starts and arrive in the block: before that, a handler would run in the child too.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        process = subprocess.Popen(command, preexec_fn=_with_this_process(before), umask=_umask(command), **options)
        with _ended_with_this(process):
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            yield process
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _umask(command: Arguments) -> int:
    """Only the owner may read what Pulumi writes (state, history, plans, stack files); -1 keeps the umask."""
    return 0o077 if Path(command[0]).name == "pulumi" else -1


@contextmanager
def _ended_with_this(process: subprocess.Popen[Any]) -> Iterator[None]:
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


def _with_this_process(mask: set[int | signal.Signals]) -> Callable[[], None]:
    """Runs in the child before exec: asks the kernel to send it SIGTERM when this process ends."""
    parent = os.getpid()

    def apply() -> None:
        for signum in _ENDING:
            if signum == signal.SIGINT or signal.getsignal(signum) is not signal.SIG_IGN:
                signal.signal(signum, signal.SIG_DFL)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(128 + signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    return apply


def base_environment() -> dict[str, str]:
    """The caller's environment, with USER and HOME, which Go programs need if the uid has no name."""
    return {**_names(os.environ), **os.environ}


def _names(environment: Mapping[str, str]) -> dict[str, str]:
    if "USER" in environment and "HOME" in environment:
        return {}
    try:
        user = pwd.getpwuid(os.getuid())
        return {"USER": user.pw_name, "HOME": user.pw_dir}
    except KeyError:
        return {"USER": f"uid-{os.getuid()}", "HOME": str(LOCAL / "home")}


def is_running(pid: int, name: str = "") -> bool:
    """Whether the process runs, and the name of its program starts with `name`."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return not Path("/proc/self").exists() and _exists(pid)
    program, _, rest = stat.partition("(")[2].rpartition(")")
    return program.startswith(name) and not rest.strip().startswith(("Z", "X"))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class ignored:
    """A block in which this process ignores a signal."""

    def __init__(self, signum: signal.Signals) -> None:
        self._signum = signum

    def __enter__(self) -> None:
        self._before = signal.signal(self._signum, lambda *_: None)

    def __exit__(self, *_: object) -> None:
        signal.signal(self._signum, self._before)


class Interrupted(BaseException):
    """A signal asked the command to end; it cleans up first."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.code = 128 + signum


def end_on_signals() -> None:
    """Makes SIGINT, SIGTERM and SIGHUP raise Interrupted in the main thread."""

    def interrupt(signum: int, _frame: object) -> None:
        raise Interrupted(signum)

    for signum in _ENDING:
        if signal.getsignal(signum) is not signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(signum, interrupt)
