"""Files as one text that a shell can unpack: the base64 of a tar, which is always the same for the same files."""

import base64
import binascii
import io
import tarfile
from collections.abc import Mapping


def bundle(files: Mapping[str, str]) -> str:
    """The files by name, mode 0640, without times or owners, so that equal files give an equal text."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in sorted(files.items()):
            content = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o640
            archive.addfile(entry, io.BytesIO(content))
    return base64.encodebytes(buffer.getvalue()).decode()


def opened(text: str) -> dict[str, str]:
    """The files of a bundle by name; none if the text is no bundle."""
    try:
        with tarfile.open(fileobj=io.BytesIO(base64.b64decode(text, validate=False)), mode="r:") as archive:
            return {entry.name: _content(archive, entry) for entry in archive.getmembers() if entry.isfile()}
    except (binascii.Error, tarfile.TarError, ValueError):
        return {}


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> str:
    file = archive.extractfile(entry)
    return file.read().decode() if file else ""
