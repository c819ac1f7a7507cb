"""The host's dockerd: what it is started with, and how it is told of a change."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Iterator, Optional

from .host import DAEMON_JSON, Host, Refusal

_OPTION_FILES = ("/etc/default/docker", "/etc/sysconfig/docker")
_EXEC_START = "ExecStart="
_PID_FILES = ("/run/docker.pid", "/var/run/docker.pid")


class Dockerd:
    """Reached through the docker command, systemd and, where there is none, signals."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @property
    def has_systemd(self) -> bool:
        """systemctl may be there without systemd, as in a container."""
        return self._host.path("/run/systemd/system").is_dir()

    @property
    def runs(self) -> bool:
        return _output("docker", "info") is not None

    def validate(self, file: Path) -> None:
        """dockerd checks its own file since version 23; an older one is not asked.

        Raises:
            Refusal: it does not accept the file.
        """
        if "--validate" not in (_output("dockerd", "--help") or ""):
            return
        checked = subprocess.run(
            ["dockerd", "--validate", "--config-file", str(file)], stdout=subprocess.DEVNULL, check=False
        )
        if checked.returncode:
            raise Refusal(f"dockerd does not accept the new {DAEMON_JSON}: nothing was changed")

    def start_command(self, without: str) -> str:
        """The last ExecStart of docker's unit in one line, as it is without that drop-in; empty where there is none."""
        return last_start(_output("systemctl", "cat", "docker.service") or "", without)

    def insecure_flag(self, without: str) -> str:
        """Where it is told `--insecure-registry` otherwise than in that drop-in: the line; empty if it is not."""
        return next((line for line in self._options(without) if "--insecure-registry" in line), "")

    def _options(self, without: str) -> Iterator[str]:
        if self.has_systemd:
            yield self.start_command(without)
        for name in _OPTION_FILES:
            lines = self._host.read(name).splitlines()
            yield from (line for line in lines if not line.lstrip(" ").startswith("#"))
        pid = self._pid
        if not self.has_systemd and pid:
            yield Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")

    @property
    def _pid(self) -> Optional[int]:
        found = [text for text in map(self._host.read, _PID_FILES) if text]
        return int(found[0]) if found else None

    def reload(self) -> None:
        """`insecure-registries` is one of the settings that it takes without a restart."""
        if self.has_systemd:
            if _output("systemctl", "is-active", "--quiet", "docker") is not None:
                _do("systemctl", "reload", "docker")
        elif self._pid:
            os.kill(self._pid, signal.SIGHUP)

    def restart(self) -> None:
        """Whether it came up, `takes_store_for` finds out."""
        _do("systemctl", "daemon-reload")
        subprocess.run(["systemctl", "restart", "docker"], stdout=subprocess.DEVNULL, check=False)

    def takes_store_for(self, secure: bool, seconds: int) -> bool:
        """Whether it verifies each registry of the store, or none of them, within that time."""
        wanted = "true" if secure else "false"
        for attempt in range(seconds):
            if attempt:
                time.sleep(1)
            if all(self._verifies(registry) == wanted for registry in self._host.registries):
                return True
        return False

    def _verifies(self, registry: str) -> str:
        template = '{{with index .RegistryConfig.IndexConfigs "%s"}}{{.Secure}}{{end}}' % registry
        answer = _output("docker", "info", "--format", template)
        return "no answer" if answer is None else answer.strip() or "true"


def last_start(units: str, without: str) -> str:
    """The last ExecStart in what `systemctl cat` prints, in one line, without that file; empty if there is none."""
    start, line, is_read, goes_on = "", "", True, False
    for text in units.splitlines():
        if text.startswith("# /"):
            is_read = text.split()[1] != without
        if not is_read:
            continue
        line = f"{line} {text.lstrip()}" if goes_on else text
        goes_on = line.endswith("\\")
        if goes_on:
            line = line[:-1].rstrip()
        elif line.startswith(_EXEC_START):
            start = line[len(_EXEC_START) :] or start
    return start


def has(program: str) -> bool:
    return shutil.which(program) is not None


def _do(*command: str) -> None:
    """Runs it.

    Raises:
        Refusal: it failed; what it says is on stderr.
    """
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        raise Refusal("%s failed" % " ".join(command))


def _output(*command: str) -> Optional[str]:
    """What it prints; None where it fails or is not there."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "replace")
