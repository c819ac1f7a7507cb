"""Maven, and two projects: a library to deploy and a consumer that is built with it."""

import shutil
from pathlib import Path

from tests.support.real_clients.running import run

PROJECTS = Path(__file__).parent / "maven_projects"
_NOT_SECRET = "changeit"


class Maven:
    """mvn with its own local repository in a folder; it fetches from one server only, and trusts one CA only."""

    def __init__(self, url: str, settings: Path, folder: Path, ca: Path | None = None) -> None:
        self._url, self._settings, self._folder = url, settings, folder
        self.repository = folder / "repository"
        self._options = self._trusting(ca) if ca else ""

    def _trusting(self, ca: Path) -> str:
        store = self._folder / "trust.p12"
        options = ["-storetype", "PKCS12", "-storepass", _NOT_SECRET, "-keystore", str(store)]
        run(["keytool", "-importcert", "-noprompt", "-alias", "store", "-file", ca, *options])
        return f"-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword={_NOT_SECRET}"

    def build(self, project: str, *goals: str, **logins: str) -> Path:
        """Runs the goals in a copy of the project, with the logins in the environment, and returns the copy's path."""
        place = self._folder / project
        if not place.exists():
            shutil.copytree(PROJECTS / project, place)
        options = ["--batch-mode", "--settings", str(self._settings), "--file", str(place / "pom.xml")]
        options += [f"-Dmaven.repo.local={self.repository}"]
        run(["mvn", *options, *goals], self._folder, NEXUS_URL=self._url, MAVEN_OPTS=self._options, **logins)
        return place
