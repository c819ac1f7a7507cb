"""A running Nexus at NEXUS_URL to test on. Everything on it except what Nexus ships is deleted."""

import json
import os
from pathlib import Path
from typing import Any

import requests

from tests.integration.provider.play import ADMIN, Play

URL = os.environ.get("NEXUS_URL", "")
SHIPPED = ("maven-central", "maven-public", "maven-releases", "maven-snapshots")


class RealPlay(Play):
    """A Play on an external server, with the administrator and password of the stack file."""

    external = True

    def __init__(self, folder: Path, toolchain: Path) -> None:
        super().__init__(folder, Path(), toolchain, "3.77")
        self._password = os.environ["NEXUS_PASSWORD"]
        self._ca = os.environ["NEXUS_CA"]

    def start(self) -> None:
        if self._password != ADMIN:
            self.change_password(self._password, ADMIN)
        self.clear()

    def stop(self) -> None:
        self.clear()
        if self._password != ADMIN:
            self.change_password(ADMIN, self._password)

    def send(self, method: str, path: str, password: str = ADMIN, **options: Any) -> requests.Response:
        return requests.request(method, URL + path, auth=("admin", password), verify=self._ca, timeout=120, **options)

    def move(self) -> None:
        """The server stays; the state gets an address that answers 404."""
        state = self.pulumi("stack", "export", "--show-secrets", "--stack", "test")
        file = self.folder / "moved.json"
        file.write_text(state.replace(json.dumps(URL), json.dumps(f"{URL}/gone")))
        self.pulumi("stack", "import", "--stack", "test", "--file", str(file))

    def clear(self) -> None:
        """Resets it to a new server."""
        for group in (True, False):
            for entry in self.ask("GET", "/v1/repositorySettings").json():
                if entry["name"] not in SHIPPED and (entry["type"] == "group") is group:
                    self.ask("DELETE", f"/v1/repositories/{entry['name']}").raise_for_status()
        for path, key in (
            ("/v1/security/users", "userId"),
            ("/v1/security/roles", "id"),
            ("/v1/security/privileges", "name"),
            ("/v1/security/content-selectors", "name"),
            ("/v1/security/ldap", "name"),
            ("/v1/security/ssl/truststore", "id"),
            ("/v1/script", "name"),
            ("/internal/cleanup-policies", "name"),
            ("/v1/routing-rules", "name"),
            ("/v1/blobstores", "name"),
        ):
            answer = self.ask("GET", path)
            entries = answer.json() if answer.ok else []  # not every server has all of them
            for entry in sorted(entries, key=lambda entry: entry.get("type") != "Group"):  # before its members
                builtin = entry.get("readOnly") or entry[key] in (
                    "admin",
                    "anonymous",
                    "nx-admin",
                    "nx-anonymous",
                    "default",
                )
                if not builtin:
                    self.ask("DELETE", f"{path}/{entry[key]}").raise_for_status()
        self.ask("DELETE", "/v1/email")

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "NEXUS_URL": URL, "NEXUS_CA": self._ca, "NEXUS_ADDRESS": ""}
