"""apt-get downloads packages and verifies them by a key; dpkg-deb builds them."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.real_clients.place import Place
from tests.support.real_clients.running import attempt, run

PASSPHRASE = "of-the-key"


@dataclass(frozen=True)
class Key:
    """A key that signs repositories, with the passphrase above."""

    private: str
    """ASCII-armored."""
    public: Path

    @property
    def home(self) -> Path:
        """gpg's home, with both keys."""
        return self.public.parent


def gpg(home: Path) -> list[str | Path]:
    return ["gpg", "--homedir", home, "--batch", "--pinentry-mode", "loopback", "--passphrase", PASSPHRASE]


def signing_key(home: Path) -> Key:
    home.chmod(0o700)
    run([*gpg(home), "--quick-generate-key", "store@example.org", "rsa3072", "sign"])
    private = subprocess.run(
        [*gpg(home), "--armor", "--export-secret-keys"], check=True, stdout=subprocess.PIPE, text=True
    )
    run([*gpg(home), "--output", home / "store.gpg", "--export"])
    attempt(["gpgconf", "--homedir", home, "--kill", "gpg-agent"])
    return Key(private.stdout, home / "store.gpg")


def package(name: str, folder: Path) -> Path:
    """A package with one file."""
    place = folder / name
    (place / "DEBIAN").mkdir(parents=True)
    (place / "opt").mkdir()
    (place / "opt" / name).write_text(name)
    control = f"Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: a test\n"
    (place / "DEBIAN" / "control").write_text(control)
    made = folder / f"{name}_1.0_all.deb"
    run(["dpkg-deb", "--build", "--root-owner-group", place, made])
    return made


class Apt:
    """apt-get with its own lists, state and cache; it knows one repository and trusts one key."""

    def __init__(self, place: Place, key: Key, folder: Path) -> None:
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "cache" / "archives" / "partial").mkdir(parents=True)
        (folder / "status").write_text("")
        (folder / "sources.list").write_text(f"deb [signed-by={key.public}] {place.url} stable main\n")
        settings = {
            "Dir::Etc::SourceList": folder / "sources.list",
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": folder / "lists",
            "Dir::State::Status": folder / "status",
            "Dir::Cache": folder / "cache",
            "APT::Sandbox::User": "root",
            "APT::Architecture": "amd64",
            "Acquire::Languages": "none",
            "Acquire::http::Proxy": "false",
            "Acquire::https::Proxy": "false",
            **({"Acquire::https::CAInfo": place.ca} if place.ca else {}),
        }
        self._folder = folder
        self._options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]

    def get(self, name: str) -> Path:
        run(["apt-get", *self._options, "update", "--error-on=any"], self._folder)
        run(["apt-get", *self._options, "download", name], self._folder)
        return next(self._folder.glob(f"{name}_*.deb"))
