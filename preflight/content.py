"""Whether a data volume holds stored content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from preflight.engine_answer import Unanswered, engine_answer, is_there

# What every server has on its volume: its database, configuration, logs and caches; the stand-in also `exchanges`.
_FOLDERS = (
    *(".java", "cache", "db", "elasticsearch", "etc", "generated-bundles", "instances", "javaprefs", "kar"),
    *("keystores", "log", "orient", "tmp"),
)
_FILES = ("admin.password", "karaf.pid", "lock", "port", "exchanges", ".repository-store-*")
# What a blob store keeps about its blobs.
_KEPT = (
    *("*/metadata.properties", "*-metrics.properties", "*deletions.index", "*/reconciliation/*"),
    "*/content/*.properties",
)
# A blob has this suffix, wherever its blob store is on the volume; the stand-in keeps images as a docker registry does.
_BLOBS = ("*.bytes", "*/docker/registry/v2/*")


def _paths(patterns: Iterable[str]) -> str:
    return " -o ".join(f"-path '{pattern}'" for pattern in patterns)


_OWN = [*(f"/data/{folder}/*" for folder in _FOLDERS), *(f"/data/{file}" for file in _FILES)]
# Every other file counts. Files that go while a server runs make find fail: then a count of nothing is none.
_COUNT = f"""
{{
    find /data -type f '(' {_paths(_BLOBS)} -o ! '(' {_paths([*_OWN, *_KEPT])} ')' ')' -exec stat -c %s {{}} + &&
        echo all
}} | awk '
    $1 == "all" {{ all = 1; next }}
    {{ files += 1; size += $1 }}
    END {{ if (!all && !files) exit 1; printf "%d %.0f\\n", files, size }}'
"""


@dataclass(frozen=True)
class Content:
    """The stored files on a volume."""

    files: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.files} {'file' if self.files == 1 else 'files'}, {_size(self.bytes)}"


def content_of(environment: Mapping[str, str], volume: str, images: list[str]) -> Content | None:
    """What is stored on the engine's volume in whatever form, counted in a container of an image that is present.

    None if that fails, which must count as content. A volume that does not exist is empty. No image is pulled, and the
    volume is mounted read-only.
    """
    try:
        if not is_there(environment, "volume", volume):
            return Content(0, 0)
    except Unanswered:
        return None
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
