"""What all images have below their programs: one minimal Debian with the users of the published images."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.running import Job

_SUITE = "bookworm"
_PACKAGES = {
    "ca-certificates": "lego and the stand-in verify servers",
    "curl": "health checks and scripts in the containers",
    "createrepo-c": "the stand-in makes the metadata of yum repositories",
}
_LEFT_OUT = ("doc", "info", "locale", "man")


@dataclass(frozen=True)
class _User:
    """As the published image has it; nginx's group is lego's too."""

    name: str
    uid: int
    home: str


_USERS = (_User("nginx", 101, "/var/cache/nginx"), _User("nexus", 200, "/nexus-data"))


def make_root_file_system(job: Job, folder: Path) -> None:
    """Puts `rootfs.tar` there, from Debian's packages; needs mmdebstrap."""
    options = ["--variant=essential", f"--include={','.join(_PACKAGES)}", "--dpkgopt=force-unsafe-io"]
    options += [f"--dpkgopt=path-exclude=/usr/share/{kind}/*" for kind in _LEFT_OUT]
    options += ["--dpkgopt=path-include=/usr/share/doc/*/copyright"]  # whoever passes the packages on has to
    hooks = [hook for user in _USERS for hook in _make(user)] + ['rm -f "$1/etc/resolv.conf" "$1/etc/hostname"']
    options += [f"--customize-hook={hook}" for hook in hooks]
    job.run(["mmdebstrap", *options, _SUITE, folder / "rootfs.tar", *_sources()])


def _make(user: _User) -> Sequence[str]:
    name, uid, home = user.name, user.uid, user.home
    return (
        f"echo '{name}:x:{uid}:{uid}:{name}:{home}:/bin/false' >>\"$1/etc/passwd\"",
        f"echo '{name}:x:{uid}:' >>\"$1/etc/group\"",
        f'install -d -o {uid} -g {uid} "$1{home}"',
    )


def _sources() -> list[Path]:
    """The machine's own, where it runs the same Debian: it may know no other mirror."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return []
    if release.get("ID") != "debian" or release.get("VERSION_CODENAME") != _SUITE:
        return []
    places = [Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d/debian.sources")]
    return [place for place in places if place.is_file() and place.read_text().strip()]
