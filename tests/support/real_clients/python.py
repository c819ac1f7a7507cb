"""twine uploads and pip installs packages of one file."""

import zipfile
from pathlib import Path

from tests.support.real_clients.place import Place
from tests.support.real_clients.running import attempt, python_clients, run


def wheel(folder: Path, name: str, version: str = "1.0", padding: bytes = b"") -> Path:
    """The smallest package that pip accepts."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{name}-{version}-py3-none-any.whl"
    place = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: >=3.8\n"
    kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{name}.py", f"VERSION = '{version}'\n")
        archive.writestr(f"{place}/padding", padding)
        archive.writestr(f"{place}/METADATA", metadata)
        archive.writestr(f"{place}/WHEEL", kind)
        archive.writestr(f"{place}/RECORD", f"{name}.py,,\n{place}/METADATA,,\n{place}/WHEEL,,\n{place}/RECORD,,\n")
    return made


def upload(place: Place, file: Path) -> tuple[int, str]:
    command = [f"{python_clients()}/python", "-m", "twine", "upload", "--non-interactive", "--disable-progress-bar"]
    login = {"TWINE_REPOSITORY_URL": place.url, "TWINE_USERNAME": place.user, "TWINE_PASSWORD": place.password}
    trust = {"TWINE_CERT": str(place.ca)} if place.ca else {}
    return attempt([*command, file], file.parent, **login, **trust)


def installed(place: Place, target: Path, package: str) -> str:
    """The content of a package's one file after pip installed it."""
    options = ["--isolated", "--no-cache-dir", "--disable-pip-version-check", "--retries=0"]
    options += [f"--cert={place.ca}"] if place.ca else []
    where = [f"--index-url={place.url}simple", f"--target={target}"]
    run([python_clients() / "python", "-m", "pip", "install", *options, *where, package], target.parent)
    return (target / f"{package.replace('-', '_')}.py").read_text()
