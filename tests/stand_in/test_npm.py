"""npm publishes, and installs through hosted, proxy and group."""

import base64
import json
from pathlib import Path

import pytest

from tests.stand_in.real_clients import Pair, attempt, password, url


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair) -> None:
    pair.make("npm", storage={"writePolicy": "ALLOW_ONCE"})


class Npm:
    """npm with settings of its own, signed in at both servers."""

    def __init__(self, pair: Pair, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._settings = folder / "npmrc"
        lines = ["fund=false", "audit=false", "update-notifier=false", "fetch-retries=0"]
        for server, names in ((pair.near, ("hosted", "group")), (pair.far, ("hosted",))):
            for name in names:
                place = url(server, f"npm-{name}").removeprefix("http:")
                lines += [
                    f"{place}:username=admin",
                    f"{place}:_password={encoded(password(server))}",
                    f"{place}:email=a@b",
                ]
        self._settings.write_text("\n".join(lines) + "\n")

    def attempt(self, place: str, folder: Path, *words: str) -> tuple[int, str]:
        own = {"npm_config_userconfig": str(self._settings), "npm_config_cache": str(self._folder / "cache")}
        return attempt(["npm", *words, f"--registry={place}"], folder, **own)

    def run(self, place: str, folder: Path, *words: str) -> str:
        code, printed = self.attempt(place, folder, *words)
        assert code == 0, printed
        return printed

    def publish(self, place: str, name: str, version: str = "1.0.0") -> tuple[int, str]:
        source = self._folder / "src" / name / version
        source.mkdir(parents=True, exist_ok=True)
        (source / "package.json").write_text(json.dumps({"name": name, "version": version, "main": "index.js"}))
        (source / "index.js").write_text(f"module.exports = '{name} {version}'\n")
        return self.attempt(place, source, "publish")

    def install(self, place: str, application: str, *packages: str) -> Path:
        folder = self._folder / application
        folder.mkdir()
        (folder / "package.json").write_text('{"name": "application", "version": "1.0.0"}')
        self.run(place, folder, "install", "--no-package-lock", *packages)
        return folder / "node_modules"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_publish_and_install(pair: Pair, tmp_path: Path) -> None:
    publisher = Npm(pair, tmp_path / "publisher")
    hosted, proxy, group = (url(pair.near, f"npm-{kind}") for kind in ("hosted", "proxy", "group"))
    for place, name in ((hosted, "ours"), (hosted, "@team/scoped"), (url(pair.far, "npm-hosted"), "theirs")):
        code, printed = publisher.publish(place, name)
        assert code == 0, printed

    def installed(place: str, reader: str, package: str) -> str:
        """What npm, which has nothing in its cache, installs from there."""
        modules = Npm(pair, tmp_path / reader).install(place, "application", package)
        return (modules / package / "index.js").read_text()

    assert "ours 1.0.0" in installed(hosted, "a", "ours")
    assert "scoped 1.0.0" in installed(group, "b", "@team/scoped")
    assert "theirs 1.0.0" in installed(proxy, "c", "theirs")
    with pair.without_the_far_one():
        assert "theirs 1.0.0" in installed(group, "d", "theirs")


def test_a_version_is_published_once(pair: Pair, tmp_path: Path) -> None:
    npm, hosted = Npm(pair, tmp_path), url(pair.near, "npm-hosted")
    assert npm.publish(hosted, "once")[0] == 0
    code, printed = npm.publish(hosted, "once")
    assert code != 0
    assert "400" in printed or "cannot publish" in printed.lower() or "403" in printed
    assert npm.publish(hosted, "once", "1.0.1")[0] == 0


def test_what_nobody_has_is_not_found(pair: Pair, tmp_path: Path) -> None:
    code, printed = Npm(pair, tmp_path).attempt(url(pair.near, "npm-group"), tmp_path, "view", "nothing-like-this")
    assert code != 0
    assert "404" in printed
