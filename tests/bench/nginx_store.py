"""A CNCF registry with its own TLS, and proxies in front of it, on one network."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.machine.built_images import ensure_image
from tests.bench.proxies import HOSTNAME, NETWORK, Proxy, further_files
from tests.e2e.store.store import run

NAME = "repository-store-bench"
REGISTRY = "registry"

_REGISTRY = """\
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: /data}}
http: {addr: ":PORT"TLS}
"""
# cgroup 2, or else cgroup 1.
_READ_MEMORY = """\
cd /sys/fs/cgroup; [ -e memory.stat ] || cd memory
cat memory.stat
[ ! -e memory.current ] || echo used $(cat memory.current)
[ ! -e memory.usage_in_bytes ] || echo used $(cat memory.usage_in_bytes)
"""


def container(role: str) -> str:
    """The name of the container of a proxy or of the registry."""
    return f"{NAME}-{role}"


@dataclass(frozen=True)
class Store:
    folder: Path
    congestion_control: str
    bridge: str
    address: str = NETWORK.address

    @property
    def certificate(self) -> Path:
        return self.folder / "tls.crt"

    @classmethod
    @contextmanager
    def running(cls, folder: Path, proxies: Sequence[Proxy], congestion_control: str) -> Iterator["Store"]:
        image = ensure_image("nginx")
        names: list[str] = []
        with NETWORK.made() as bridge:
            store = cls(folder, congestion_control, bridge)
            store._certificate()
            for name, text in further_files(proxies).items():
                (folder / name).write_text(text)
            try:
                names.append(store._registry(image))
                names += [store._proxy(image, proxy) for proxy in proxies]
                time.sleep(3)
                yield store
            finally:
                run(["docker", "rm", "--force", "--volumes", *names])

    def _certificate(self) -> None:
        names = f"subjectAltName=DNS:{HOSTNAME},IP:{NETWORK.address}"
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        key += ["-keyout", str(self.folder / "tls.key")]
        subject = ["-subj", f"/CN={HOSTNAME}", "-addext", names]
        run(["openssl", "req", "-x509", *key, "-out", str(self.certificate), *subject])
        (self.folder / "tls.key").chmod(0o644)
        both = self.certificate.read_text() + (self.folder / "tls.key").read_text()
        (self.folder / "tls.pem").write_text(both)

    def _registry(self, image: str) -> str:
        tls = ", tls: {certificate: /c/tls.crt, key: /c/tls.key}"
        for port, own in ((5000, ""), (5001, ""), (5443, tls)):
            (self.folder / f"{port}.yaml").write_text(_REGISTRY.replace("PORT", str(port)).replace("TLS", own))
        start = " ".join(f"docker-registry serve /c/{port}.yaml &" for port in (5000, 5001, 5443))
        mounts = ["/usr/bin/docker-registry:/usr/bin/docker-registry:ro", f"{self.folder}:/c:ro", "/data"]
        options = [word for mount in mounts for word in ("--volume", mount)]
        command = [image, "sh", "-c", f"{start} wait"]
        return self._run(REGISTRY, 5443, 5443, ["--network-alias", "nexus", *options], command)

    def _proxy(self, image: str, proxy: Proxy) -> str:
        (self.folder / proxy.file).write_text(proxy.text)
        mounts = ["/spool", "/var/cache/nginx", f"{self.folder}:/c:ro", *proxy.mounts]
        options = ["--read-only", "--tmpfs", "/tmp:mode=1777,size=16m", "--memory", proxy.memory]
        options += [word for mount in mounts for word in ("--volume", mount)]
        return self._run(proxy.name, proxy.port, 8443, options, [image, *proxy.command])

    def _run(self, role: str, port: int, internal: int, options: list[str], command: list[str]) -> str:
        place = ["--network", NETWORK.docker_name, "--publish", f"{NETWORK.address}:{port}:{internal}"]
        place += ["--sysctl", f"net.ipv4.tcp_congestion_control={self.congestion_control}"]
        run(["docker", "run", "--detach", "--name", container(role), *place, *options, *command])
        return container(role)

    def memory_mib(self, role: str) -> float:
        """The memory of a container without cached pages of files."""
        output = run(["docker", "exec", container(role), "sh", "-c", _READ_MEMORY])
        found = dict(line.split() for line in output.splitlines())
        return (int(found["used"]) - int(found["active_file"]) - int(found["inactive_file"])) / (1 << 20)

    @contextmanager
    def files_of(self, role: str | None) -> Iterator[list[str]]:
        """Collects the files on an nginx's disk inside the block; for None it collects nothing."""
        seen: list[str] = []
        if role is None:
            yield seen
            return
        ends = threading.Event()
        folders = ["/tmp", "/spool", "/var/cache/nginx"]
        command = ["docker", "exec", container(role), "find", *folders, "-type", "f", "!", "-name", "nginx.pid"]

        def look() -> None:
            while not ends.wait(0.5):
                seen.extend(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield seen
        finally:
            ends.set()
            thread.join()
