"""dnf installs packages of one file into an empty root."""

from pathlib import Path

from tests.real_clients.place import Place
from tests.real_clients.running import run


def installed(place: Place, root: Path, package: str) -> str:
    """What the one file of a package says, after dnf, which knows one repository only, installed it."""
    sources, logs = root / "etc" / "yum.repos.d", root / "log"
    for folder in (sources, logs):
        folder.mkdir(parents=True)
    said = {"name": "place", "baseurl": place.url, "gpgcheck": 0, "username": place.user, "password": place.password}
    said |= {"sslcacert": place.ca} if place.ca else {}
    (sources / "place.repo").write_text("[place]\n" + "".join(f"{name}={value}\n" for name, value in said.items()))
    settings = {"reposdir": sources, "cachedir": root / "cache", "logdir": logs}
    options = [f"--setopt={name}={value}" for name, value in settings.items()]
    run(["dnf", "--assumeyes", "--quiet", f"--installroot={root}", "--releasever=9", *options, "install", package])
    return (root / "opt" / package).read_text().strip()
