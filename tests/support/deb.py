"""A Debian package with only a control file, made without dpkg."""

import gzip
import io
import tarfile


def debian_package(name: str, version: str) -> bytes:
    """The same bytes for the same arguments."""
    control = (
        f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: T <t@example.org>\nDescription: test\n"
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("./control")
        entry.size = len(control)
        archive.addfile(entry, io.BytesIO(control.encode()))
    compressed = gzip.compress(packed.getvalue(), mtime=0)
    members = [("debian-binary", b"2.0\n"), ("control.tar.gz", compressed), ("data.tar.gz", b"")]
    result = b"!<arch>\n"
    for member, data in members:
        result += (
            f"{member:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
        )
    return result
