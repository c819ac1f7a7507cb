"""A test host that is reached over real SSH and has a dockerd of its own."""

import hashlib
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

from cli.paths import ROOT
from tests.e2e.store.store import Failed, outcome, run
from tests.support.vanishing import below, content

PORT = 2222
USER = "builder"
_INSIDE = (sys.executable, "-m", "tests.support.hosts.file_system")
_SECONDS = 30
# The folders with the client files; /var/log and /run change without them.
_KEPT = ("etc", "home", "root/.docker", "usr/local/share/ca-certificates", "var/lib/repository-store")
# Java's key store contains its creation time.
_REGENERATED = "etc/ssl/certs/java"


class SshHost:
    """A host in a network namespace on a docker network's bridge."""

    def __init__(self, name: str, address: str, bridge: str, folder: Path) -> None:
        self.name, self.address, self._folder = name, address, folder
        (folder / "memory").mkdir()
        for key in ("host_key", "client_key"):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / key)])
        outside = f"{name}-o"
        run(["ip", "netns", "add", name])
        run(["ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name])
        run(["ip", "link", "set", outside, "master", bridge, "up"])
        for setting in (f"addr add {address}/24 dev eth0", "link set eth0 up", "link set lo up"):
            run(["ip", "-n", name, *setting.split()])
        command = ["nsenter", f"--net=/run/netns/{name}", "unshare", "--mount", "--pid", "--fork", "--kill-child"]
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen([*command, *_INSIDE, str(folder)], cwd=ROOT, stdout=log, stderr=log)
        self._wait("true")

    @property
    def host_key(self) -> str:
        return (self._folder / "host_key.pub").read_text().strip()

    @property
    def client_key(self) -> str:
        return (self._folder / "client_key").read_text()

    def ssh(self, command: str, text: str | None = None) -> tuple[int, str]:
        known = self._folder / "known_hosts"
        known.write_text(f"[{self.address}]:{PORT} {self.host_key}\n")
        options = [f"UserKnownHostsFile={known}", "StrictHostKeyChecking=yes", "BatchMode=yes", "ConnectTimeout=5"]
        flags = [flag for option in options for flag in ("-o", option)]
        key = str(self._folder / "client_key")
        return outcome(["ssh", *flags, "-i", key, "-p", str(PORT), f"{USER}@{self.address}", command], text=text)

    def run(self, command: str, text: str | None = None) -> str:
        code, output = self.ssh(command, text)
        if code:
            raise Failed(f"{command}: {output}")
        return output

    @property
    def docker_host(self) -> str:
        """The URL of the host's engine, for a `docker` that runs with `ssh_on_path`."""
        return f"ssh://{USER}@{self.address}"

    def ssh_on_path(self) -> Path:
        """A folder for PATH with an `ssh` that knows the host, as people have it from ~/.ssh/config."""
        self.run(f"sudo -n usermod --append --groups docker {USER}")
        configuration, folder = self._folder / "ssh_config", self._folder / "bin"
        folder.mkdir(exist_ok=True)
        configuration.write_text(
            f"Host {self.address}\nPort {PORT}\nIdentityFile {self._folder}/client_key\n"
            f"UserKnownHostsFile {self._folder}/known_hosts\nStrictHostKeyChecking yes\n"
        )
        program = folder / "ssh"
        program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {configuration} "$@"\n')
        program.chmod(0o755)
        return folder

    def start_docker(self) -> None:
        self.run("sudo -n systemctl restart docker")

    @property
    def docker_started(self) -> str:
        """The pid and start time of dockerd: another value after every start."""
        return self.run("sudo -n sh -c 'pid=$(cat /run/docker.pid); echo $pid; cut -d \" \" -f 22 /proc/$pid/stat'")

    @property
    def files(self) -> dict[str, str]:
        """Content, mode and owner of the files that a client may change, as seen on the host."""
        root = Path(f"/proc/{self._process.pid}/root")
        found = {str(path.relative_to(root)): path for kept in _KEPT for path in below(root / kept)}
        described = {name: _described(path) for name, path in found.items() if not name.startswith(_REGENERATED)}
        return {name: text for name, text in described.items() if text}

    def _wait(self, command: str) -> None:
        deadline = time.monotonic() + _SECONDS
        while self.ssh(command)[0]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise Failed((self._folder / "log").read_text())
            time.sleep(0.3)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(_SECONDS)
        run(["ip", "netns", "delete", self.name])


def _described(path: Path) -> str:
    """Empty if it is gone."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return ""
    digest = hashlib.sha256(content(path)).hexdigest() if stat.S_ISREG(status.st_mode) else ""
    return f"{status.st_mode:o} {status.st_uid} {digest}"
