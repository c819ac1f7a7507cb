"""A Docker engine for tests. BuildKit in dockerd 20.10 only trusts a CA that is installed before the engine starts."""

import os
import subprocess
import time
from pathlib import Path

from tests.e2e.store.store import Failed, outcome

_TIMEOUT_SECONDS = 60


class Engine:
    """dockerd with its own containerd, with all sockets and data under one folder.

    With `trust` it trusts only the CAs in that file, and those in /etc/docker/certs.d.
    """

    def __init__(self, folder: Path, bridge: str, configuration: Path | None = None, trust: Path | None = None) -> None:
        self.folder = folder
        self.host = f"unix://{folder}/docker.sock"
        self.containerd = f"{folder}/exec/containerd/containerd.sock"
        self._log = (folder / "dockerd.log").open("w")
        command = ["dockerd", "--host", self.host, "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"]
        # An existing bridge: with its own or with none it would take docker0 from this machine's engine.
        command += ["--pidfile", f"{folder}/pid", "--bridge", bridge, "--iptables=false", "--ip6tables=false"]
        command += ["--config-file", str(configuration)] if configuration else []
        environment = {**os.environ, **({"SSL_CERT_FILE": str(trust)} if trust else {})}
        self._process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT, env=environment)
        self._wait()

    @property
    def process(self) -> int:
        """The pid of dockerd, whose children are containerd and the processes that unpack layers."""
        return self._process.pid

    def _wait(self) -> None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while outcome(["docker", "version"], DOCKER_HOST=self.host)[0]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise Failed((self.folder / "dockerd.log").read_text())
            time.sleep(0.2)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(_TIMEOUT_SECONDS)
        self._log.close()
