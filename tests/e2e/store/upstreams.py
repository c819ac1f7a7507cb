"""The remotes of the store's proxies, on the store's network: a registry, a Maven repository and a mirror."""

from pathlib import Path

from tests.e2e.store.mirror import make_mirror
from tests.e2e.store.store import Store, address_of, outcome, run
from tests.support.real_clients.apt import Key
from tests.support.real_clients.docker import import_image

HUB_CONFIGURATION = """\
version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/registry}}
http: {addr: ":5000"}
"""
SITE_CONFIGURATION = """\
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
events {}
http {
    access_log off;
    client_body_temp_path /tmp/a; proxy_temp_path /tmp/b;
    fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
    server { listen 8080; root /srv; autoindex on; }
}
"""


class Upstreams:
    """Containers named like the stack's remotes; they run nginx's image."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._names: list[str] = []

    def start(self, central: Path, key: Key) -> None:
        """`central` is the Maven repository; the key signs the apt repository."""
        self._hub()
        # A small Debian as a base image.
        self.publish(self._image(), "library/base:1")
        self._site("central", central)
        self._site("mirror", make_mirror(self._folder / "mirror", self._folder / "work", key))

    def stop(self) -> None:
        if self._names:
            outcome(["docker", "rm", "--force", "--volumes", *self._names])

    def _container(self, role: str, options: list[str], command: list[str] | None = None) -> str:
        name = self._store.container(f"upstream-{role}")
        self._names.append(name)
        place = ["--network", self._store.container("network"), "--network-alias", role]
        run(["docker", "run", "--detach", "--name", name, *place, *options, self._image(), *(command or [])])
        return name

    def _image(self) -> str:
        return run(["docker", "inspect", "--format", "{{.Image}}", self._store.container("nginx")]).strip()

    def _hub(self) -> None:
        """Debian's CNCF registry, with one image that is nowhere else."""
        configuration = self._folder / "registry.yaml"
        configuration.write_text(HUB_CONFIGURATION)
        mounts = ["--volume", "/usr/bin/docker-registry:/usr/bin/docker-registry:ro"]
        mounts += ["--volume", f"{configuration}:/etc/registry.yaml:ro", "--entrypoint", "docker-registry"]
        name = self._container("hub", mounts, ["serve", "/etc/registry.yaml"])
        self._registry = f"{address_of(name)}:5000"
        image = import_image("upstream-only:1", b"from upstream")
        self.publish(image, "library/upstream-only:1")
        run(["docker", "rmi", image])

    def publish(self, image: str, name: str) -> None:
        """Copies an image from this machine's engine to the upstream registry."""
        archive = self._folder / "upstream.tar"
        run(["docker", "save", "--output", str(archive), image])
        # The upstream speaks plain HTTP, only on the store's network.
        options = ["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "--retry-times", "5"]
        run(["skopeo", *options, f"docker-archive:{archive}", f"docker://{self._registry}/{name}"])
        archive.unlink()

    def _site(self, role: str, root: Path) -> None:
        configuration = self._folder / f"{role}.conf"
        configuration.write_text(SITE_CONFIGURATION)
        mounts = ["--volume", f"{configuration}:/etc/nginx/nginx.conf:ro", "--volume", f"{root}:/srv:ro"]
        self._container(role, mounts)
