"""A docker host in a network namespace, with its own iptables and a daemon that tests may restart."""

import subprocess
import time
from pathlib import Path

from tests.e2e.store.store import Failed, outcome, run

_TIMEOUT_SECONDS = 60


class DockerHost:
    """A host at an address; this machine has the neighbouring one."""

    def __init__(self, name: str, address: str, beside: str, folder: Path) -> None:
        self.name, self._folder = name, folder
        self.socket = f"unix://{folder}/docker.sock"
        self._outside = f"{name}-o"
        run(["ip", "netns", "add", name])
        run(["ip", "link", "add", self._outside, "type", "veth", "peer", "name", "eth0", "netns", name])
        run(["ip", "addr", "add", f"{beside}/24", "dev", self._outside])
        run(["ip", "link", "set", self._outside, "up"])
        for command in (f"addr add {address}/24 dev eth0", "link set eth0 up", "link set lo up"):
            run(["ip", "-n", name, *command.split()])
        self.start()

    def start(self) -> None:
        """Returns when the daemon answers."""
        folders = ["--data-root", f"{self._folder}/data", "--exec-root", f"{self._folder}/exec"]
        command = ["dockerd", "--host", self.socket, *folders, "--pidfile", f"{self._folder}/pid"]
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                ["nsenter", f"--net=/run/netns/{self.name}", *command], stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while outcome(["docker", "version"], DOCKER_HOST=self.socket)[0]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise Failed((self._folder / "log").read_text())
            time.sleep(0.2)

    def stop(self) -> None:
        """Stops it with its containers, as systemd does."""
        self._process.terminate()
        self._process.wait(_TIMEOUT_SECONDS)

    def remove(self) -> None:
        self.stop()
        run(["ip", "netns", "delete", self.name])
        run(["ip", "link", "delete", self._outside])
