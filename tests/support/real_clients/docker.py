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
    """Their paths by major version: Debian's from tests/support/debian_packages.py, and a newer one if there is one."""
    folders = [*os.environ["PATH"].split(":"), "/usr/bin", "/usr/local/bin"]
    found: dict[str, str] = {}
    for folder in folders:
        if path := shutil.which("docker", path=folder):
            version = run([path, "--version"]).split()[2].split(".")[0]
            found.setdefault(version, path)
    return found


def import_image(name: str, content: bytes) -> str:
    """Imports the smallest image possible, with one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    subprocess.run(["docker", "import", "-", name], input=buffer.getvalue(), check=True, capture_output=True)
    return name


class Docker:
    """One docker command with the logins of a folder; `clean` removes the images that it pushed or pulled."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._images: set[str] = set()

    def attempt(self, *words: str) -> tuple[int, str]:
        return attempt([self._program, *words], self._folder, DOCKER_CONFIG=str(self._folder))

    def run(self, *words: str) -> str:
        return run([self._program, *words], self._folder, DOCKER_CONFIG=str(self._folder))

    def push(self, image: str) -> None:
        """Pushes an image and removes it from the engine."""
        self._images.add(image)
        self.run("push", image)
        self.run("rmi", image)

    def pull(self, image: str) -> str:
        """Pulls an image that the engine does not have, removes it again, and returns its digest."""
        self._images.add(image)
        printed = self.run("pull", image)
        assert "Downloaded newer image" in printed
        self.run("rmi", image)
        return next(line for line in printed.splitlines() if line.startswith("Digest: ")).removeprefix("Digest: ")

    def clean(self) -> None:
        for image in self._images:
            self.attempt("rmi", "--force", image)
