"""npm publishes and installs packages of one file."""

import json
from pathlib import Path

from tests.support.real_clients.place import Place
from tests.support.real_clients.running import attempt
from tests.support.real_clients.terminal import talk


def source(folder: Path, name: str, version: str = "1.0.0") -> Path:
    """The folder of a package whose one file contains its name and version."""
    made = folder / name / version
    made.mkdir(parents=True, exist_ok=True)
    (made / "package.json").write_text(json.dumps({"name": name, "version": version, "main": "index.js"}))
    (made / "index.js").write_text(f"module.exports = '{name} {version}'\n")
    return made


class Npm:
    """npm with its own settings and cache, logged in at each repository that has a user."""

    def __init__(self, folder: Path, *places: Place) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        lines = ["fund=false", "audit=false", "update-notifier=false", "fetch-retries=0"]
        lines += [f"cafile={place.ca}" for place in places[:1] if place.ca]
        for place in places:
            if place.user:
                key = place.url.split(":", 1)[1]
                lines += [f"{key}:username={place.user}", f"{key}:_password={place.encoded_password}"]
                lines += [f"{key}:email=a@b"]
        (folder / "npmrc").write_text("\n".join(lines) + "\n")

    def attempt(self, place: Place, folder: Path, *words: str) -> tuple[int, str]:
        return attempt(["npm", *words, f"--registry={place.url}"], folder, **self._own())

    def _own(self) -> dict[str, str]:
        return {"npm_config_userconfig": str(self._folder / "npmrc"), "npm_config_cache": str(self._folder / "cache")}

    def login(self, place: Place, user: str, password: str) -> tuple[int, str]:
        """`npm login`, whose questions are answered; npm writes the token that it gets to its settings."""
        answers = {"Username:": user, "Password:": password, "Email:": "a@b.example"}
        command = ["npm", "login", "--auth-type=legacy", f"--registry={place.url}"]
        return talk(command, answers, {**self._own(), "HOME": str(self._folder)})

    def settings(self) -> str:
        return (self._folder / "npmrc").read_text()

    def publish(self, place: Place, name: str, version: str = "1.0.0") -> tuple[int, str]:
        return self.attempt(place, source(self._folder / "src", name, version), "publish")

    def installed(self, place: Place, package: str) -> str:
        """The content of a package's one file after it was installed as a dependency of an application."""
        application = self._folder / "application"
        application.mkdir()
        (application / "package.json").write_text('{"name": "application", "version": "1.0.0"}')
        code, printed = self.attempt(place, application, "install", "--no-package-lock", package)
        assert code == 0, printed
        return (application / "node_modules" / package / "index.js").read_text()
