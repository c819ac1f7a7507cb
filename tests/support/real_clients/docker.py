"""The docker commands of this machine."""

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.support.real_clients.running import attempt, run


@cache
def docker_clients() -> Mapping[str, str]:
    """By their major version; tests/support/debian_packages.py brings Debian's, and a machine may have a newer one."""
    folders = [*os.environ["PATH"].split(":"), "/usr/bin", "/usr/local/bin"]
    found: dict[str, str] = {}
    for folder in folders:
        if path := shutil.which("docker", path=folder):
            version = run([path, "--version"]).split()[2].split(".")[0]
            found.setdefault(version, path)
    return found


def import_image(name: str, content: bytes) -> str:
    """An image with one file, as small as an image gets."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    subprocess.run(["docker", "import", "-", name], input=buffer.getvalue(), check=True, capture_output=True)
    return name


class Docker:
    """One docker command with the logins of a folder; images that it made are removed at the end."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._images: set[str] = set()

    def attempt(self, *words: str) -> tuple[int, str]:
        return attempt([self._program, *words], self._folder, DOCKER_CONFIG=str(self._folder))

    def run(self, *words: str) -> str:
        return run([self._program, *words], self._folder, DOCKER_CONFIG=str(self._folder))

    def push(self, image: str) -> None:
        """Pushes an image of the engine, which then has it no more."""
        self._images.add(image)
        self.run("push", image)
        self.run("rmi", image)

    def pull(self, image: str) -> str:
        """The digest of an image that the engine does not have yet."""
        self._images.add(image)
        printed = self.run("pull", image)
        assert "Downloaded newer image" in printed
        self.run("rmi", image)
        return next(line for line in printed.splitlines() if line.startswith("Digest: ")).removeprefix("Digest: ")

    def clean(self) -> None:
        for image in self._images:
            self.attempt("rmi", "--force", image)
