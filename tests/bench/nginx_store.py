"""A registry of the CNCF's with TLS of its own, and nginx in front of it in several ways, on a network of their own."""

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from components.nginx_configuration import nginx_configuration
from stacks.settings import Settings
from tests.e2e.store import ROOT, run

HOSTNAME = "nexus.bench.test"
NAME, SUBNET, ADDRESS = "repository-store-bench", "198.18.80.0/24", "198.18.80.1"

_REGISTRY = """\
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: /data}}
http: {addr: ":PORT"TLS}
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
    """nginx.conf by the port at which it is published."""
    given = {
        "hostname": HOSTNAME,
        "topology": "topology.yaml",
        "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"},
    }
    ours = nginx_configuration(Settings.of(given, ROOT / "stacks")).text
    found = {8443: ours, 9443: _SEED}
    if http2:
        found[7443] = ours.replace("listen [::]:8443 ssl;", "listen [::]:8443 ssl;\n        http2 on;")
    return found


@dataclass(frozen=True)
class Store:
    folder: Path
    address: str = ADDRESS

    @property
    def certificate(self) -> Path:
        return self.folder / "tls.crt"

    @classmethod
    @contextmanager
    def running(cls, folder: Path, nginx: Mapping[int, str]) -> Iterator["Store"]:
        store = cls(folder)
        image = run([str(ROOT / "lab/images/build"), "nginx"]).splitlines()[-1]
        run(["docker", "network", "create", "--subnet", SUBNET, "--gateway", ADDRESS, NAME])
        names: list[str] = []
        try:
            store._certificate()
            names.append(store._registry(image))
            for port, text in nginx.items():
                names.append(store._nginx(image, port, text))
            time.sleep(3)
            yield store
        finally:
            run(["docker", "rm", "--force", "--volumes", *names])
            run(["docker", "network", "rm", NAME])

    def _certificate(self) -> None:
        names = f"subjectAltName=DNS:{HOSTNAME}"
        key = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            str(self.folder / "tls.key"),
        ]
        run(
            [
                "openssl",
                "req",
                "-x509",
                *key,
                "-out",
                str(self.certificate),
                "-subj",
                f"/CN={HOSTNAME}",
                "-addext",
                names,
            ]
        )
        (self.folder / "tls.key").chmod(0o644)
        (self.folder / "loaded.conf").write_text("return 200;")

    def _registry(self, image: str) -> str:
        tls = ", tls: {certificate: /c/tls.crt, key: /c/tls.key}"
        for port, own in ((5000, ""), (5001, ""), (5443, tls)):
            (self.folder / f"{port}.yaml").write_text(_REGISTRY.replace("PORT", str(port)).replace("TLS", own))
        start = " ".join(f"docker-registry serve /c/{port}.yaml &" for port in (5000, 5001, 5443))
        mounts = [f"/usr/bin/docker-registry:/usr/bin/docker-registry:ro,{self.folder}:/c:ro".split(",")]
        options = [word for mount in mounts[0] for word in ("--volume", mount)]
        command = [image, "sh", "-c", f"{start} wait"]
        return self._run("registry", 5443, 5443, ["--network-alias", "nexus", "--volume", "/data", *options], command)

    def _nginx(self, image: str, port: int, text: str) -> str:
        (self.folder / f"{port}.conf").write_text(text)
        inside = ["--read-only", "--tmpfs", "/tmp:mode=1777,size=16m", "--volume", "/spool"]
        inside += ["--volume", f"{self.folder}:/c:ro", "--memory", "256m"]
        return self._run(
            f"nginx-{port}", port, 8443, inside, [image, "nginx", "-c", f"/c/{port}.conf", "-g", "daemon off;"]
        )

    def _run(self, role: str, port: int, internal: int, options: list[str], command: list[str]) -> str:
        name = f"{NAME}-{role}"
        place = ["--network", NAME, "--publish", f"{ADDRESS}:{port}:{internal}"]
        run(["docker", "run", "--detach", "--name", name, *place, *options, *command])
        return name

    def memory_mib(self, way: str) -> float:
        """The memory of our nginx without what the kernel may take back."""
        container = f"{NAME}-nginx-8443"
        said = run(["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", container]).split()[0]
        assert said.endswith("MiB"), said
        return float(said.removesuffix("MiB"))

    @contextmanager
    def files_of(self, way: str | None) -> Iterator[list[str]]:
        """The files that our nginx has on its disk while something goes on."""
        seen: list[str] = []
        ends = threading.Event()
        command = [
            "docker",
            "exec",
            f"{NAME}-nginx-8443",
            "find",
            "/tmp",
            "/spool",
            "-type",
            "f",
            "!",
            "-name",
            "nginx.pid",
        ]

        def look() -> None:
            while not ends.wait(0.5):
                seen.extend(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())

        if way is None:
            yield seen
            return
        thread = threading.Thread(target=look)
        thread.start()
        yield seen
        ends.set()
        thread.join()
