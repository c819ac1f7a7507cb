"""What the store's proxies read: a registry, a Maven repository and a yum mirror on the store's network."""

import io
import subprocess
import tarfile
from pathlib import Path

from tests.e2e.store import Store, outcome, run

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
    """Containers with the names that the stack's remotes have; they are made of the lab's own images."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._names: list[str] = []

    def start(self, central: Path) -> None:
        self._hub()
        # A small Debian, to build other images on.
        self.publish(self._image(), "library/base:1")
        self._site("central", central)
        self._site("mirror", self._mirror())

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
        """A real CNCF registry, Debian's, with one image that nobody else has."""
        configuration = self._folder / "registry.yaml"
        configuration.write_text(HUB_CONFIGURATION)
        mounts = ["--volume", "/usr/bin/docker-registry:/usr/bin/docker-registry:ro"]
        mounts += ["--volume", f"{configuration}:/etc/registry.yaml:ro", "--entrypoint", "docker-registry"]
        name = self._container("hub", mounts, ["serve", "/etc/registry.yaml"])
        address = run(
            ["docker", "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name]
        )
        self._registry = f"{address.strip()}:5000"
        image = import_image("upstream-only:1", b"from upstream")
        self.publish(image, "library/upstream-only:1")
        run(["docker", "rmi", image])

    def publish(self, image: str, name: str) -> None:
        """Puts an image of this machine's engine into the upstream registry."""
        archive = self._folder / "upstream.tar"
        run(["docker", "save", "--output", str(archive), image])
        # The upstream speaks plain HTTP, on the store's network alone.
        options = ["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "--retry-times", "5"]
        run(["skopeo", *options, f"docker-archive:{archive}", f"docker://{self._registry}/{name}"])
        archive.unlink()

    def _site(self, role: str, root: Path) -> None:
        configuration = self._folder / f"{role}.conf"
        configuration.write_text(SITE_CONFIGURATION)
        mounts = ["--volume", f"{configuration}:/etc/nginx/nginx.conf:ro", "--volume", f"{root}:/srv:ro"]
        self._container(role, mounts)

    def _mirror(self) -> Path:
        root = self._folder / "mirror"
        build_rpm("upstream-tool", root)
        run(["createrepo_c", "--quiet", str(root)])
        return root


def import_image(name: str, content: bytes) -> str:
    """An image with one file, as small as an image gets."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    subprocess.run(["docker", "import", "-", name], input=buffer.getvalue(), check=True, capture_output=True)
    return name


def build_rpm(name: str, folder: Path) -> Path:
    """A package with one file and no needs, so that it installs into an empty root."""
    folder.mkdir(parents=True, exist_ok=True)
    spec = folder / f"{name}.spec"
    spec.write_text(
        f"Name: {name}\nVersion: 1.0\nRelease: 1\nSummary: A test\nLicense: MIT\nBuildArch: noarch\n"
        f"%description\nA test\n%install\nmkdir -p %{{buildroot}}/opt\necho {name} > %{{buildroot}}/opt/{name}\n"
        f"%files\n/opt/{name}\n"
    )
    build = folder / "build"
    macros = {"_topdir": str(build), "_rpmdir": str(folder), "_build_name_fmt": "%%{NAME}-%%{VERSION}.%%{ARCH}.rpm"}
    defines = [word for name, value in macros.items() for word in ("--define", f"{name} {value}")]
    run(["rpmbuild", "-bb", "--quiet", *defines, str(spec)])
    return folder / f"{name}-1.0.noarch.rpm"
