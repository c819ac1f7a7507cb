"""Whether a data volume holds stored content."""

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.engine_answer import engine_answer

# Nexus has one file with this suffix for each blob, in every blob store on the volume.
_COUNT = "find /data -type f -name '*.bytes' -exec stat -c %s {} + | awk '{ size += $1 } END { print NR, size + 0 }'"


@dataclass(frozen=True)
class Content:
    """The blobs on a volume."""

    files: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.files} {'file' if self.files == 1 else 'files'}, {_size(self.bytes)}"


def content_of(environment: Mapping[str, str], volume: str, images: list[str]) -> Content | None:
    """The blobs on the engine's volume, counted in a container of an image that is present; None if that fails.

    A volume that does not exist is empty. No image is pulled, and the volume is mounted read-only.
    """
    if engine_answer(environment, "volume", "inspect", volume) is None:
        return Content(0, 0)
    mount = f"--mount=type=volume,source={volume},target=/data,readonly"
    options = ["run", "--rm", "--network=none", "--user=0", "--cap-drop=ALL", "--cap-add=DAC_READ_SEARCH", mount]
    for image in images:
        if engine_answer(environment, "image", "inspect", image) is None:
            continue
        answer = engine_answer(environment, *options, "--entrypoint=sh", image, "-c", _COUNT, seconds=300)
        words = (answer or "").split()
        if len(words) == 2:
            return Content(int(words[0]), int(words[1]))
    return None


def _size(size: int) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size} {unit}"
        size //= 1024
    return f"{size} TiB"
