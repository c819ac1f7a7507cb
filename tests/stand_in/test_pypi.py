"""twine uploads; pip installs through hosted, proxy and group."""

import zipfile
from pathlib import Path

import pytest

from tests.contract.stand_in import Server
from tests.stand_in.real_clients import Pair, attempt, password, python_clients, run, url


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair) -> None:
    pair.make("pypi", storage={"writePolicy": "ALLOW_ONCE"})


def wheel(folder: Path, name: str, version: str = "1.0", padding: bytes = b"") -> Path:
    """The smallest package that pip takes."""
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


def upload(server: Server, file: Path) -> tuple[int, str]:
    command = [
        python_clients() / "python",
        "-m",
        "twine",
        "upload",
        "--non-interactive",
        "--disable-progress-bar",
        file,
    ]
    return attempt(
        command,
        file.parent,
        TWINE_REPOSITORY_URL=url(server, "pypi-hosted"),
        TWINE_USERNAME="admin",
        TWINE_PASSWORD=password(server),
    )


def install(server: Server, repository: str, target: Path, package: str) -> str:
    index = f"{url(server, repository)}simple"
    options = ["--isolated", "--no-cache-dir", "--disable-pip-version-check", "--retries=0"]
    run(
        [
            python_clients() / "python",
            "-m",
            "pip",
            "install",
            *options,
            f"--index-url={index}",
            "--target",
            target,
            package,
        ],
        target.parent,
    )
    return (target / f"{package.replace('-', '_')}.py").read_text()


def test_upload_and_install(pair: Pair, tmp_path: Path) -> None:
    for server, name in ((pair.near, "our_tool"), (pair.far, "their_tool")):
        code, printed = upload(server, wheel(tmp_path / "dist", name))
        assert code == 0, printed
    assert "1.0" in install(pair.near, "pypi-hosted", tmp_path / "a", "our-tool")
    assert "1.0" in install(pair.near, "pypi-group", tmp_path / "b", "our-tool")
    assert "1.0" in install(pair.near, "pypi-proxy", tmp_path / "c", "their-tool")
    with pair.without_the_far_one():
        assert "1.0" in install(pair.near, "pypi-group", tmp_path / "d", "their-tool")


def test_a_file_is_uploaded_once(pair: Pair, tmp_path: Path) -> None:
    file = wheel(tmp_path, "once")
    assert upload(pair.near, file)[0] == 0
    code, printed = upload(pair.near, file)
    assert code != 0
    assert "400" in printed
