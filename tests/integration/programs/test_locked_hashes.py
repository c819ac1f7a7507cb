"""A package that is not the locked one is refused by uv and by pip, which installs where uv cannot.

Both are the real ones, and so is cli/bootstrap.py. The package is a wheel that the test makes, found in a folder.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# pip's setting is one of those with which uv is not used.
SOURCES = {"pip": {"PIP_NO_INDEX": "1"}, "uv": {"UV_OFFLINE": "1"}}
REFUSAL = {"pip": "DO NOT MATCH THE HASHES", "uv": "Hash mismatch for `stored==0.1`"}


def make_wheel(folder: Path, name: str, requires: str = "") -> Path:
    about = f"{name}-0.1.dist-info"
    texts = {
        f"{name}.py": "",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n{requires}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in (*texts, f"{about}/RECORD"))
    made = folder / f"{name}-0.1-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as wheel:
        for path, text in {**texts, f"{about}/RECORD": record}.items():
            wheel.writestr(path, text)
    return made


class Checkout:
    """A folder with a wheel, and a virtualenv that also has this one's packages."""

    def __init__(self, folder: Path, installer: str, requires: str = "") -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PIP_FIND_LINKS": str(folder),
            "UV_FIND_LINKS": str(folder),
            "PIP_RETRIES": "0",
            "HTTPS_PROXY": "http://127.0.0.1:9",  # where pip looks for the wheel besides; nothing leaves the machine
            **SOURCES[installer],
        }
        self.wheel = make_wheel(folder, "stored", requires)
        (folder / "cli").mkdir()
        for name in ("cli/bootstrap.py", "cli/uv.lock"):
            shutil.copy(ROOT / name, folder / name)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=folder, check=True)
        (self.packages / "others.pth").write_text(sysconfig.get_path("purelib"))
        (folder / ".venv" / "made-from").mkdir()

    @property
    def packages(self) -> Path:
        (found,) = self._folder.glob(".venv/lib/python*/site-packages")
        return found

    @property
    def is_recorded(self) -> bool:
        return (self._folder / ".venv" / "made-from").exists()

    def install(self, digest: str) -> subprocess.CompletedProcess[str]:
        lock = f"stored==0.1 \\\n    --hash=sha256:{digest}\n"
        (self._folder / "requirements.lock").write_text(lock)
        command = [sys.executable, "cli/bootstrap.py", sys.executable, "requirements.lock"]
        return subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False
        )

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.wheel.read_bytes()).hexdigest()


@pytest.mark.parametrize("installer", SOURCES)
def test_only_the_package_with_the_hash_of_the_lock_is_installed(installer: str, tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, installer)
    refused = checkout.install("0" * 64)
    assert refused.returncode == 1
    assert REFUSAL[installer] in refused.stderr
    assert "store: pip could not install the packages of requirements.lock" in refused.stderr
    assert not (checkout.packages / "stored.py").exists()
    assert not checkout.is_recorded
    (tmp_path / ".venv" / "made-from").mkdir()
    done = checkout.install(checkout.digest)
    assert done.returncode == 0, done.stderr
    assert (checkout.packages / "stored.py").exists()
    assert (checkout.packages / "stored-0.1.dist-info" / "INSTALLER").read_text().strip() == installer


@pytest.mark.parametrize("installer", SOURCES)
def test_a_lock_without_a_dependency_is_refused(installer: str, tmp_path: Path) -> None:
    """With --no-deps it would be installed without it."""
    checkout = Checkout(tmp_path, installer, requires="Requires-Dist: unlocked\n")
    make_wheel(tmp_path, "unlocked")
    done = checkout.install(checkout.digest)
    assert done.returncode == 1
    assert "In `--require-hashes` mode" in done.stderr.replace("In --require-hashes", "In `--require-hashes`")
    assert "unlocked" in done.stderr
    assert not (checkout.packages / "stored.py").exists()
