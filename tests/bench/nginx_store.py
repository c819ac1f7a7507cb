"""A registry of the CNCF's with TLS of its own, and nginx in front of it in several ways, on a network of their own."""

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.machine.built_images import ensure_image
from components.nginx_configuration import nginx_configuration
from stacks.settings import Settings
from tests.e2e.store.store import ROOT, own_network, run

HOSTNAME = "nexus.bench.test"
CACHED = 8444
"""The port of the nginx with a cache, and with the memory to keep a layer of it there."""
NAME, SUBNET, ADDRESS = "repository-store-bench", "198.18.80.0/24", "198.18.80.1"

_REGISTRY = """\
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: /data}}
http: {addr: ":PORT"TLS}
"""
# Of cgroup 2, or else of cgroup 1.
_READ_MEMORY = """\
cd /sys/fs/cgroup; [ -e memory.stat ] || cd memory
cat memory.stat
[ ! -e memory.current ] || echo used $(cat memory.current)
[ ! -e memory.usage_in_bytes ] || echo used $(cat memory.usage_in_bytes)
"""
# What the seed's nginx does with a layer: HTTP/1.0 to the registry, the whole upload on disk first, default buffers.
_SEED = """\
worker_processes 2;
pid /tmp/nginx.pid;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path /spool; proxy_temp_path /spool/p; fastcgi_temp_path /spool/f; uwsgi_temp_path /spool/u;
    scgi_temp_path /spool/s;
    proxy_send_timeout 120; proxy_read_timeout 300;
    upstream registry { server nexus:5000; }
    server {
        listen 8443 ssl;
        ssl_certificate tls.crt; ssl_certificate_key tls.key;
        keepalive_timeout 5 5; proxy_buffering off; client_max_body_size 1G; proxy_http_version 1.0;
        location / {
            proxy_pass http://registry;
            proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;
        }
    }
}
"""


def configurations(http2: bool) -> dict[int, str]:
    """nginx.conf by the port at which it is published: ours, the same with a cache, and the seed's."""
    ours = _ours({})
    found = {8443: ours, CACHED: _ours({"blobCache": {"maxSize": "4g"}}), 9443: _SEED}
    if http2:
        found[7443] = ours.replace(
            "listen unix:/tmp/8443.sock ssl;", "listen unix:/tmp/8443.sock ssl;\n        http2 on;"
        )
    return found


def _ours(nginx: Mapping[str, Any]) -> str:
    given = {
        "hostname": HOSTNAME,
        "topology": "topology.yaml",
        "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"},
        "nginx": nginx,
    }
    return nginx_configuration(Settings.of(given, ROOT / "stacks")).text


@dataclass(frozen=True)
class Store:
    folder: Path
    congestion_control: str
    bridge: str
    address: str = ADDRESS

    @property
    def certificate(self) -> Path:
        return self.folder / "tls.crt"

    @classmethod
    @contextmanager
    def running(cls, folder: Path, nginx: Mapping[int, str], congestion_control: str) -> Iterator["Store"]:
        image = ensure_image("nginx")
        names: list[str] = []
        with own_network(NAME, SUBNET, ADDRESS) as bridge:
            store = cls(folder, congestion_control, bridge)
            store._certificate()
            try:
                names.append(store._registry(image))
                for port, text in nginx.items():
                    names.append(store._nginx(image, port, text))
                time.sleep(3)
                yield store
            finally:
                run(["docker", "rm", "--force", "--volumes", *names])

    def _certificate(self) -> None:
        names = f"subjectAltName=DNS:{HOSTNAME},IP:{ADDRESS}"
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        key += ["-keyout", str(self.folder / "tls.key")]
        subject = ["-subj", f"/CN={HOSTNAME}", "-addext", names]
        run(["openssl", "req", "-x509", *key, "-out", str(self.certificate), *subject])
        (self.folder / "tls.key").chmod(0o644)
        (self.folder / "loaded.conf").write_text("return 200;")

    def _registry(self, image: str) -> str:
        tls = ", tls: {certificate: /c/tls.crt, key: /c/tls.key}"
        for port, own in ((5000, ""), (5001, ""), (5443, tls)):
            (self.folder / f"{port}.yaml").write_text(_REGISTRY.replace("PORT", str(port)).replace("TLS", own))
        start = " ".join(f"docker-registry serve /c/{port}.yaml &" for port in (5000, 5001, 5443))
        mounts = ["/usr/bin/docker-registry:/usr/bin/docker-registry:ro", f"{self.folder}:/c:ro", "/data"]
        options = [word for mount in mounts for word in ("--volume", mount)]
        command = [image, "sh", "-c", f"{start} wait"]
        return self._run("registry", 5443, 5443, ["--network-alias", "nexus", *options], command)

    def _nginx(self, image: str, port: int, text: str) -> str:
        (self.folder / f"{port}.conf").write_text(text)
        inside = ["--read-only", "--tmpfs", "/tmp:mode=1777,size=16m", "--volume", "/spool"]
        inside += ["--volume", "/var/cache/nginx", "--volume", f"{self.folder}:/c:ro"]
        inside += ["--memory", "2g" if port == CACHED else "256m"]
        return self._run(
            f"nginx-{port}", port, 8443, inside, [image, "nginx", "-c", f"/c/{port}.conf", "-g", "daemon off;"]
        )

    def _run(self, role: str, port: int, internal: int, options: list[str], command: list[str]) -> str:
        name = f"{NAME}-{role}"
        place = ["--network", NAME, "--publish", f"{ADDRESS}:{port}:{internal}"]
        place += ["--sysctl", f"net.ipv4.tcp_congestion_control={self.congestion_control}"]
        run(["docker", "run", "--detach", "--name", name, *place, *options, *command])
        return name

    def memory_mib(self, port: int) -> float:
        """The memory of the nginx at a port, without the pages of files, which the kernel may take back."""
        output = run(["docker", "exec", f"{NAME}-nginx-{port}", "sh", "-c", _READ_MEMORY])
        found = dict(line.split() for line in output.splitlines())
        return (int(found["used"]) - int(found["active_file"]) - int(found["inactive_file"])) / (1 << 20)

    @contextmanager
    def files_of(self, port: int | None) -> Iterator[list[str]]:
        """The files that the nginx at a port has on its disk while something goes on; None looks at none."""
        seen: list[str] = []
        if port is None:
            yield seen
            return
        ends = threading.Event()
        folders = ["/tmp", "/spool", "/var/cache/nginx"]
        command = ["docker", "exec", f"{NAME}-nginx-{port}", "find", *folders, "-type", "f", "!", "-name", "nginx.pid"]

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
