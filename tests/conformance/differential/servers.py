"""The two servers, and how they are reset between sequences."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests

from tests.conformance.contract.playing import decoded, decoded_body, encoded
from tests.conformance.differential.requesting import V1, Step

SHIPPED = ("maven-central", "maven-public", "maven-releases", "maven-snapshots", "admin", "anonymous", "default")
SETTINGS: dict[str, Any] = {
    "security/realms/active": ["NexusAuthenticatingRealm"],
    "security/anonymous": {"enabled": True, "userId": "anonymous", "realmName": "NexusAuthorizingRealm"},
}
# The collections to empty, dependents first, and the key of their objects.
PARTS = {
    **dict.fromkeys(SETTINGS, ""),
    "repositories": "name",
    "security/users": "userId",
    "security/roles": "id",
    "security/privileges": "name",
    "security/content-selectors": "name",
    "routing-rules": "name",
    "/service/rest/internal/cleanup-policies": "name",
    "script": "name",
    "blobstores": "name",
}
_ROUNDS = 3  # objects that cannot be removed at first, since others use them
USER_PASSWORD = "secret"  # of the users in sequences


def shipped(one: dict[str, Any], name: str) -> bool:
    return bool(one.get("readOnly")) or name in SHIPPED


@dataclass
class Server:
    """A Nexus that may be emptied."""

    url: str
    password: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")
        self.session.trust_env = False
        agreement = self.ask("GET", "system/eula").json()
        if not agreement["accepted"]:
            self.ask("POST", "system/eula", {**agreement, "accepted": True})
        self.clear()

    def send(self, step: Step) -> dict[str, Any]:
        """Sends a step and returns the answer in the form of the recordings."""
        request = step["request"]
        headers = {name: value for name, value in request["headers"].items() if name != "auth"}
        path = quote(request["path"], safe="/%{}.~-_+=@:,") + ("?" + request["query"] if request["query"] else "")
        response = self.session.request(
            request["method"],
            self.url + path,
            auth=self._credentials(request["headers"]["auth"]),
            headers={"Accept": "*/*", **headers},
            allow_redirects=False,
            timeout=60,
            **encoded(request["body"]),
        )
        self.session.cookies.clear()
        return decoded(response)

    def _credentials(self, who: str) -> Any:
        if who == "none":
            return None
        if who.startswith("user:"):
            return who.removeprefix("user:").encode(), USER_PASSWORD.encode()
        return b"admin", self.password.encode() if who == "admin" else b"wrong-password"

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Sends a request as the administrator, outside of the sequence."""
        full = path if path.startswith("/") else V1 + path
        return self.session.request(
            method, self.url + full, auth=("admin", self.password), json=body, timeout=60, allow_redirects=False
        )

    def clear(self, *parts: str) -> None:
        """Resets some or all parts of the server to those of a new one."""
        for part in parts or PARTS:
            if part in SETTINGS:
                self.ask("PUT", part, SETTINGS[part])
                continue
            key = PARTS[part]
            for _ in range(_ROUNDS):
                removable = [one[key] for one in self._all(part) if not shipped(one, one[key])]
                for name in removable:
                    self._remove(part, name)
                if not removable:
                    break

    def _all(self, path: str) -> list[dict[str, Any]]:
        found = decoded_body(self.ask("GET", path))
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _remove(self, path: str, name: str) -> None:
        self.ask("DELETE", f"{path}/{quote(name, safe='')}")
