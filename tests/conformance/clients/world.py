"""The store, logged-in clients and images, for operations of the matrix."""

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import requests

from tests.conformance.clients.images import digest, layout
from tests.e2e.store.engine import Engine
from tests.e2e.store.store import ROOT, Failed, Store, address_of, outcome, run
from tests.support import tools
from tests.support.real_clients.docker import docker_clients

AMD64, BOTH = ("amd64",), ("amd64", "arm64")


class Unprepared(Exception):
    """The preparation of an operation failed, which says nothing about the operation."""


@contextmanager
def _preparation() -> Iterator[None]:
    """Turns failures of preparations, which bypass nginx, into Unprepared."""
    try:
        yield
    except Failed as error:
        raise Unprepared(str(error)) from None


@cache
def oci_clients() -> str:
    """The folder of the clients built from Go modules."""
    return str(tools.oci_clients())


def basic(user: tuple[str, str]) -> str:
    return base64.b64encode(":".join(user).encode()).decode()


@dataclass(frozen=True)
class World:
    store: Store
    engine: Engine
    hub: str
    """The address of the upstream registry, which speaks HTTP on the store's network."""
    folder: Path

    @cached_property
    def registry(self) -> str:
        return str(self.store.outputs["docker_registry"])

    @property
    def url(self) -> str:
        return f"https://{self.registry}"

    def image(self, name: str, tag: str = "1") -> str:
        return f"{self.registry}/{name}:{tag}"

    def layout(self, content: str, architectures: tuple[str, ...] = AMD64, size: int = 0) -> str:
        """A new OCI layout, in skopeo's notation."""
        folder = self.folder / "layouts" / re.sub(r"[/: ]", "-", content)
        if not folder.exists():
            layout(folder, content, architectures, size)
        return f"oci:{folder}:1"

    @_preparation()
    def proxied(self, name: str, architectures: tuple[str, ...] = AMD64, kind: str = "oci") -> str:
        """Makes an image that only the upstream registry has."""
        source = self.layout(f"proxied {name}", architectures)
        self._fill(source, f"{self.hub}/{name}:1", kind)
        return self.image(name)

    @_preparation()
    def hosted(self, name: str, architectures: tuple[str, ...] = AMD64, kind: str = "oci") -> str:
        """Makes an image in the private repository, past nginx."""
        source = self.layout(f"hosted {name}", architectures)
        self._fill(source, f"{self.connector}/{name}:1", kind)
        return self.image(name)

    def _fill(self, source: str, target: str, kind: str) -> None:
        self.skopeo("copy", "--all", "--format", kind, "--dest-tls-verify=false", source, f"docker://{target}")

    @cached_property
    def connector(self) -> str:
        """The private repository's connector on the store's network."""
        return f"{address_of(self.store.container('nexus'))}:5000"

    def docker(self, version: str, *arguments: str, text: str | None = None, **environment: str) -> str:
        command = [docker_clients()[version], *arguments]
        # With BuildKit the command fetches tokens itself, with the system's trusted CAs.
        trust = {"SSL_CERT_FILE": str(self.store.ca)}
        return run(command, text=text, **{"DOCKER_HOST": self.engine.host, **trust, **self.credentials, **environment})

    @_preparation()
    def imported(self, image: str, content: str, size: int = 0) -> None:
        """Imports an image into the engine that no registry has."""
        archive = self.folder / "image.tar"
        self.skopeo(
            "copy", "--quiet", self.layout(f"{content} of {image}", size=size), f"docker-archive:{archive}:{image}"
        )
        run(["docker", "load", "--input", str(archive)], DOCKER_HOST=self.engine.host)
        archive.unlink()

    def pull(self, version: str, image: str) -> None:
        self.forget(image)
        self.docker(version, "pull", image)

    def build(self, version: str, base: str, image: str, builder: dict[str, str]) -> None:
        self.forget(base)
        text = f"FROM {base}\nLABEL built=on-it\n"
        self.docker(version, "build", "--tag", image, "-", text=text, **builder)

    @_preparation()
    def digest(self, image: str) -> str:
        """The digest of an image in the private repository."""
        name, tag = image.split("/", 1)[1].rsplit(":", 1)
        source = f"docker://{self.connector}/{name}:{tag}"
        raw = self.skopeo("inspect", "--raw", "--tls-verify=false", source)
        return digest(raw.encode())

    def is_hosted(self, image: str) -> bool:
        name = image.split("/", 1)[1]
        command = ["skopeo", "inspect", "--raw", "--tls-verify=false", f"docker://{self.connector}/{name}"]
        return outcome(command, **self.credentials)[0] == 0

    def skopeo(self, *arguments: str) -> str:
        return run(["skopeo", "--insecure-policy", *arguments], **self.credentials)

    def skopeo_outcome(self, *arguments: str, admin: bool) -> tuple[int, str]:
        login = self._login("admin", self.store.admin) if admin else self.credentials
        return outcome(["skopeo", "--insecure-policy", *arguments], **login)

    @_preparation()
    def ctr_import(self, content: str, image: str) -> None:
        """Imports an image into containerd that no registry has."""
        archive = self.folder / "ctr.tar"
        self.skopeo("copy", "--quiet", self.layout(content), f"oci-archive:{archive}:{image}")
        self.ctr("1", "images", "import", str(archive))
        archive.unlink()

    def ctr_pull(self, version: str, *arguments: str) -> None:
        self._ctr_transfer(version, "pull", *arguments)

    def ctr_push(self, version: str, image: str) -> None:
        self._ctr_transfer(version, "push", image)

    def _ctr_transfer(self, version: str, direction: str, *arguments: str) -> None:
        # ctr 2 would let the daemon access the registry; this daemon is too old for that.
        own = ["--local"] if version == "2" else []
        self.ctr(version, "images", direction, *own, "--hosts-dir", self.hosts_folder, *arguments)

    def ctr(self, version: str, *arguments: str) -> str:
        command = "ctr" if version == "1" else f"{oci_clients()}/ctr"
        return run([command, "--address", self.engine.containerd, "--namespace", "clients", *arguments])

    def podman(self, *arguments: str, text: str | None = None) -> str:
        return self._containers("podman", *arguments, text=text)

    def buildah(self, *arguments: str, text: str | None = None) -> str:
        return self._containers("buildah", *arguments, text=text)

    def _containers(self, command: str, *arguments: str, text: str | None) -> str:
        """Runs podman or buildah, with a common image store that is not the machine's."""
        place = ["--root", f"{self.folder}/storage", "--runroot", f"{self.folder}/run", "--storage-driver", "vfs"]
        return run([command, *place, *arguments], text=text, **self.credentials)

    def crane(self, *arguments: str, admin: bool = False) -> str:
        return self._go_client("crane", *arguments, admin=admin)

    def oras(self, *arguments: str, cwd: Path = ROOT, admin: bool = False) -> str:
        return self._go_client("oras", *arguments, cwd=cwd, admin=admin)

    def regctl(self, *arguments: str) -> str:
        return self._go_client("regctl", *arguments)

    def _go_client(self, command: str, *arguments: str, cwd: Path = ROOT, admin: bool = False) -> str:
        login = self._login("admin", self.store.admin) if admin else self.credentials
        return run([f"{oci_clients()}/{command}", *arguments], cwd=cwd, SSL_CERT_FILE=str(self.store.ca), **login)

    @cached_property
    def credentials(self) -> dict[str, str]:
        """The login for docker and skopeo, so that their arguments contain no secret."""
        return self._login("login", self.store.jenkins)

    def _login(self, name: str, user: tuple[str, str]) -> dict[str, str]:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        auths = {address: {"auth": basic(user)} for address in (self.registry, self.connector)}
        (folder / "config.json").write_text(json.dumps({"auths": auths}))
        return {"DOCKER_CONFIG": str(folder), "REGISTRY_AUTH_FILE": str(folder / "config.json")}

    @cached_property
    def hosts_folder(self) -> str:
        """The folder with the CA and the login for containerd."""
        folder = self.folder / "hosts" / self.registry
        folder.mkdir(parents=True, exist_ok=True)
        text = f'server = "{self.url}"\n[host."{self.url}"]\nca = "{self.store.ca}"\n'
        text += f'[host."{self.url}".header]\nAuthorization = "Basic {basic(self.store.jenkins)}"\n'
        (folder / "hosts.toml").write_text(text)
        return str(folder.parent)

    def http(
        self, method: str, path: str, *, admin: bool = False, login: bool = True, **kwargs: Any
    ) -> requests.Response:
        """Sends a request, logged in unless told otherwise."""
        user = self.store.admin if admin else self.store.jenkins
        url = path if path.startswith("https:") else f"{self.url}{path}"
        auth = user if login else None
        return requests.request(method, url, auth=auth, verify=str(self.store.ca), timeout=60, **kwargs)

    def forget(self, *images: str) -> None:
        """Removes images from the engine, so that the next pull fetches them."""
        for image in images:
            outcome(["docker", "image", "rm", "--force", image], DOCKER_HOST=self.engine.host)
        subprocess.run(
            ["docker", "builder", "prune", "--all", "--force"],
            env={**os.environ, "DOCKER_HOST": self.engine.host},
            capture_output=True,
            check=False,
        )
