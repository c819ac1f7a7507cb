"""An image and an RPM package, as small as they get."""

import io
import subprocess
import tarfile
from pathlib import Path

from tests.e2e.store import run


def import_image(name: str, content: bytes) -> str:
    """An image with one file, as small as an image gets."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    subprocess.run(["docker", "import", "-", name], input=buffer.getvalue(), check=True, capture_output=True)
    return name


def build_rpm(name: str, folder: Path) -> Path:
    """A package with one file and no needs, so that it installs into an empty root."""
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
    run(["rpmbuild", "-bb", "--quiet", *defines, str(spec)])
    return folder / f"{name}-1.0.noarch.rpm"
