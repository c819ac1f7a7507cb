"""A fresh machine with its own root file system, engine data and namespaces."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.e2e.fresh.machine import client_configuration, control_groups
from tests.e2e.fresh.machine.command import Command, Failed
from tests.e2e.fresh.machine.network import NAMESERVER, Uplink
from tests.e2e.fresh.machine.root_file_system import CACHE

_BOOT = Path(__file__).with_name("boot.py")
_WORK = CACHE / "fresh"
NOTHING: Mapping[str, str] = {}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" + (
    ":/usr/local/go/bin" if os.environ.get("FRESH_GO") else ""
)


@dataclass(frozen=True)
class User:
    """A user who types commands on the machine."""

    uid: int = 0
    home: str = "/root"
    name: str = "root"
    """Empty for a uid without a name."""
    groups: tuple[str, ...] = ()


ROOT_USER = User()


@dataclass
class Workshop:
    """The folder of a test run, with everything of its machines; removed at its end, or else by the next run."""

    folder: Path
    _lock: IO[str]

    @classmethod
    def opened(cls) -> "Workshop":
        _WORK.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time():
            for left in _WORK.iterdir():
                _remove_if_left(left)
            folder = Path(tempfile.mkdtemp(dir=_WORK))
            lock = (folder / "lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_EX)
        return cls(folder, lock)

    def close(self) -> None:
        with _one_at_a_time():
            shutil.rmtree(self.folder)
        self._lock.close()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Held while a run adds or removes a folder in `_WORK`: another would find it half there."""
    with _WORK.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_if_left(folder: Path) -> None:
    """Removes the folder of a killed run, whose machines have ended with it."""
    try:
        lock = (folder / "lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    with lock:
        for machine in folder.iterdir():
            control_groups.removed(f"{folder.name}-{machine.name}")
        shutil.rmtree(folder)


@dataclass
class Machine:
    """`boot` starts it; `end` ends it with all its processes."""

    name: str
    workshop: Path
    layers: tuple[Path, ...]
    """The layers of its root file system, uppermost first; its own changes go into `changes`."""
    checkout: str = "/root/repository-store"
    mounts: list[tuple[str, str, str, str]] = field(default_factory=list)
    say: Callable[[str], None] = print

    def __post_init__(self) -> None:
        self._folder = self.workshop / self.name
        self._commands = 0

    @property
    def changes(self) -> Path:
        return self._folder / "changes"

    @property
    def engine_data(self) -> Path:
        """Docker's data root, which must not lie on an overlay."""
        return self._folder / "docker"

    def boot(self) -> "Machine":
        for folder in ("root", "changes", "work", "docker"):
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
        (self.changes / "etc").mkdir(exist_ok=True)
        (self.changes / "etc/resolv.conf").write_text(f"nameserver {NAMESERVER}\n")
        (self.changes / "etc/hosts").write_text(f"127.0.0.1 localhost {self.name}\n")
        self._groups = control_groups.made(f"{self.workshop.name}-{self.name}")
        links = [(str(path), str(path), "bind", "ro") for path in client_configuration.find_links()]
        plan = {
            "root": str(self._folder / "root"),
            "lower": [str(layer) for layer in self.layers],
            "upper": str(self.changes),
            "work": str(self._folder / "work"),
            "mounts": [(str(self.engine_data), "/var/lib/docker", "bind", ""), *links, *self.mounts],
            "cgroups": control_groups.hierarchies(),
            "hostname": self.name,
        }
        namespaces = [
            "--mount",
            "--pid",
            "--net",
            "--uts",
            "--ipc",
            "--cgroup",
            "--fork",
            "--kill-child",
            "--propagation=private",
        ]
        self._process = subprocess.Popen(
            ["unshare", *namespaces, sys.executable, "-I", str(_BOOT), json.dumps(plan)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C goes to the tests, which end it
            preexec_fn=control_groups.joining(self._groups),
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the machine {self.name} does not boot; see above")
        self._pid = int(line)
        self.uplink = Uplink(self._pid)
        return self

    def end(self) -> None:
        if self._process.poll() is None:
            self.uplink.close()
            assert self._process.stdin
            self._process.stdin.close()
            self._process.wait()
            control_groups.removed(f"{self.workshop.name}-{self.name}")

    def __enter__(self) -> "Machine":
        return self.boot()

    def __exit__(self, *_: object) -> None:
        self.end()

    def path(self, name: str) -> Path:
        """The path of a file of the running machine, as seen from outside."""
        return Path(f"/proc/{self._pid}/root{name}")

    def resize(self, mount: str, size: str) -> None:
        """Resizes a tmpfs. By Python, since a minimal Debian has no `mount`."""
        remount = 32
        call = f"ctypes.CDLL(None).mount(None, {mount.encode()!r}, None, {remount}, {f'size={size}'.encode()!r})"
        self.run(f'python3 -c "import ctypes, sys; sys.exit({call})"', folder="/")

    def environment(self, user: User) -> dict[str, str]:
        named = {"USER": user.name, "LOGNAME": user.name} if user.name else {}
        return {
            **client_configuration.environment(),
            **named,
            "HOME": user.home,
            "PATH": PATH,
            "LANG": "C.UTF-8",
            "TERM": "dumb",
        }

    def start(
        self, line: str, user: User = ROOT_USER, folder: str | None = None, environment: Mapping[str, str] = NOTHING
    ) -> Command:
        """Runs a line in a shell."""
        self._commands += 1
        enter = [
            "nsenter",
            f"--target={self._pid}",
            "--mount",
            "--pid",
            "--net",
            "--uts",
            "--ipc",
            "--cgroup",
            "--root",
        ]
        become: Sequence[str] = ()
        if user.uid:
            groups = [f"--groups={','.join(user.groups)}"] if user.groups else ["--clear-groups"]
            become = ("setpriv", f"--reuid={user.uid}", f"--regid={user.uid}", *groups)
        inside = [*enter, f"--wd={self.path(folder or self.checkout)}", "--", "setsid", *become, "sh", "-c", line]
        log = self._folder / f"{self._commands}.log"
        join = control_groups.joining(self._groups)
        return Command(line, inside, {**self.environment(user), **environment}, log, self.processes, join)

    def outcome(
        self, line: str, user: User = ROOT_USER, folder: str | None = None, environment: Mapping[str, str] = NOTHING
    ) -> tuple[int, str]:
        with self.start(line, user, folder, environment) as command:
            code = command.wait()
        self.say(f"{command.seconds:6.1f} s  {line}{f'  (exit {code})' if code else ''}")
        return code, command.output

    def run(
        self, line: str, user: User = ROOT_USER, folder: str | None = None, environment: Mapping[str, str] = NOTHING
    ) -> str:
        """Runs a line and returns its output on both channels.

        Raises:
            Failed: it did not exit with 0.
        """
        code, output = self.outcome(line, user, folder, environment)
        if code:
            raise Failed(f"{line} exited with {code}:\n{output}")
        return output

    def processes(self) -> dict[int, str]:
        """The command lines of the machine's processes and of its containers', by their pids outside."""
        return control_groups.processes(self._groups[0])
