"""How this machine reaches package registries: the only thing that a fresh machine gets from it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

# The variables of pip, uv and Go, of proxies and of CA files.
_VARIABLES = re.compile(
    r"PIP_(?!USER|TARGET|PREFIX|CACHE)\w+|UV_(?:INDEX|DEFAULT_INDEX|EXTRA_INDEX|FIND_LINKS|NATIVE_TLS|HTTP)\w*"
    r"|GO(?:PROXY|SUMDB|PRIVATE|NOPROXY|NOSUMDB|NOSUMCHECK|INSECURE)"
    r"|(?:HTTP|HTTPS|NO|ALL)_PROXY|(?:http|https|no|all)_proxy"
    r"|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO"
)
_FILES = ("/etc/pip.conf", "/etc/uv/uv.toml", "/etc/apt/sources.list", "/etc/ssl/certs/ca-certificates.crt")
_FOLDERS = (
    "/etc/apt/sources.list.d",
    "/etc/apt/trusted.gpg.d",
    "/usr/share/keyrings",
    "/usr/local/share/ca-certificates",
)
_OF_HOME = (".config/pip/pip.conf", ".pip/pip.conf", ".config/uv/uv.toml", ".config/go/env")


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if _VARIABLES.fullmatch(name)}


def find_links() -> list[Path]:
    """The local folders from which pip installs packages."""
    return [Path(word) for word in os.environ.get("PIP_FIND_LINKS", "").split() if Path(word).is_dir()]


def copy_into(root: Path, home: str) -> None:
    """Copies the files into a root file system."""
    for name in _FILES:
        _copy(Path(name), root / name[1:])
    for name in _FOLDERS:
        if Path(name).is_dir():
            for file in Path(name).iterdir():
                _copy(file, root / name[1:] / file.name)
    for name in _OF_HOME:
        _copy(Path.home() / name, root / home[1:] / name)
    # As a dump, since apt's files also name programs that the machine does not have.
    settings = subprocess.run(["apt-config", "dump", "Acquire"], stdout=subprocess.PIPE, text=True, check=True).stdout
    (root / "etc/apt/apt.conf.d/90outer-machine").write_text(settings)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
