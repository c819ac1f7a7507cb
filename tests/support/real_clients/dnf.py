"""dnf installs packages of one file into an empty root."""

from pathlib import Path

from tests.support.real_clients.place import Place
from tests.support.real_clients.running import run


def installed(place: Place, root: Path, package: str) -> str:
    """The content of a package's one file after dnf installed it; dnf knows no other repository."""
    sources, logs = root / "etc" / "yum.repos.d", root / "log"
    for folder in (sources, logs):
        folder.mkdir(parents=True)
    repository = {
        "name": "place",
        "baseurl": place.url,
        "gpgcheck": 0,
        "username": place.user,
        "password": place.password,
    }
    repository |= {"sslcacert": place.ca} if place.ca else {}
    (sources / "place.repo").write_text(
        "[place]\n" + "".join(f"{name}={value}\n" for name, value in repository.items())
    )
    settings = {"reposdir": sources, "cachedir": root / "cache", "logdir": logs}
    options = [f"--setopt={name}={value}" for name, value in settings.items()]
    run(["dnf", "--assumeyes", "--quiet", f"--installroot={root}", "--releasever=9", *options, "install", package])
    return (root / "opt" / package).read_text().strip()


def package(name: str, folder: Path) -> Path:
    """A package with one file and no dependencies, so that it installs into an empty root."""
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
    run(["rpmbuild", "-bb", "--quiet", *defines, spec], folder)
    return folder / f"{name}-1.0.noarch.rpm"
