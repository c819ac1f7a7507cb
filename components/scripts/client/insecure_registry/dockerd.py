"""The host's dockerd: its options, its reload and restart, and whether it verifies the store."""

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
    """Uses the docker command and systemd, or signals on a host without systemd."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @property
    def has_systemd(self) -> bool:
        """Not judged by systemctl, which a container may have without a running systemd."""
        return self._host.path("/run/systemd/system").is_dir()

    @property
    def runs(self) -> bool:
        return _output("docker", "info") is not None

    def validate(self, file: Path) -> None:
        """Lets dockerd check the file, if it can (since version 23).

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
        """The last ExecStart of docker's unit on one line, ignoring that drop-in; empty if there is none."""
        return last_start(_output("systemctl", "cat", "docker.service") or "", without)

    def insecure_flag(self, without: str) -> str:
        """The line outside of that drop-in that has `--insecure-registry`; empty if there is none."""
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
        """Applies `insecure-registries`, which needs no restart."""
        if self.has_systemd:
            if _output("systemctl", "is-active", "--quiet", "docker") is not None:
                _do("systemctl", "reload", "docker")
        elif self._pid:
            os.kill(self._pid, signal.SIGHUP)

    def restart(self) -> None:
        """Ignores a failure: `wait_until` finds out whether dockerd came up."""
        _do("systemctl", "daemon-reload")
        subprocess.run(["systemctl", "restart", "docker"], stdout=subprocess.DEVNULL, check=False)

    def wait_until(self, verifies: bool, seconds: int) -> bool:
        """Whether, within that time, dockerd verifies every registry of the store, or none of them."""
        wanted = "true" if verifies else "false"
        for attempt in range(seconds):
            if attempt:
                time.sleep(1)
            if all(self._secure(registry) == wanted for registry in self._host.registries):
                return True
        return False

    def _secure(self, registry: str) -> str:
        template = '{{with index .RegistryConfig.IndexConfigs "%s"}}{{.Secure}}{{end}}' % registry
        answer = _output("docker", "info", "--format", template)
        return "no answer" if answer is None else answer.strip() or "true"


def last_start(units: str, without: str) -> str:
    """The last ExecStart in the output of `systemctl cat`, on one line, ignoring that file; empty if there is none."""
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
    """Runs the command.

    Raises:
        Refusal: it failed; its own message is on stderr.
    """
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        raise Refusal("%s failed" % " ".join(command))


def _output(*command: str) -> Optional[str]:
    """What the command prints; None if it fails or is not installed."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "replace")
