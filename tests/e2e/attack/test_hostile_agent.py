"""A build that was taken over tries everything with the login of its agent: `ci-pull`, `ci-push` or `jenkins`.

nginx is real, and so are the roles: those that the stack file declares, on the stand-in, whose privileges are those of
Nexus (tests/conformance/stand_in). The control of each try is the administrator's, which Nexus takes.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.conformance.contract.stand_in import binary
from tests.conformance.stand_in.pair import password
from tests.e2e.attack.conftest import Attempts
from tests.e2e.attack.paths import exchange, spelled, written
from tests.e2e.attack.store import Store, stores
from tests.e2e.attack.test_nginx import FORGED
from tests.e2e.attack.test_paths import HOST
from tests.integration.programs.nginx.server import Reply

AGENTS = ("ci-pull", "ci-push", "jenkins")
USERS = "/service/rest/v1/security/users"
EVIL: dict[str, Any] = {
    "userId": "evil",
    "firstName": "E",
    "lastName": "V",
    "emailAddress": "evil@evil.example",
    "status": "active",
    "password": "evil",
    "roles": ["nx-admin"],
}
ANONYMOUS = {"enabled": True, "userId": "anonymous", "realmName": "NexusAuthorizingRealm"}
RULE = {"name": "evil", "description": "", "mode": "BLOCK", "matchers": [".*"]}
OWN_JAR = "/repository/maven-own/org/domain/lib/1/lib-1.jar"
# What an agent must not do and an administrator can, in an order in which each works.
TRIES: list[tuple[str, str, Any]] = [
    # reading what is not for builds
    ("GET", USERS, None),
    ("GET", "/service/rest/v1/security/roles", None),
    ("GET", "/service/rest/v1/security/privileges", None),
    ("GET", "/service/rest/v1/security/realms/active", None),
    ("GET", "/service/rest/v1/blobstores", None),
    ("GET", "/service/rest/v1/routing-rules", None),
    ("GET", "/service/rest/v1/tasks", None),
    ("GET", "/service/rest/v1/email", None),
    ("GET", "/service/rest/v1/http", None),
    ("GET", "/service/rest/v1/repositories/maven/hosted/maven-own", None),
    ("GET", "/service/rest/v1/components?repository=raw-hidden", None),
    ("GET", "/repository/raw-hidden/secret.txt", None),
    # becoming somebody else
    ("POST", USERS, EVIL),
    ("PUT", f"{USERS}/evil", {**EVIL, "source": "default", "lastName": "W"}),
    ("PUT", f"{USERS}/ci-pull/change-password", "evil"),
    ("POST", "/service/rest/v1/security/roles", {"id": "evil", "name": "evil", "privileges": ["nx-all"], "roles": []}),
    ("PUT", "/service/rest/v1/security/roles/evil", {"id": "evil", "name": "e", "privileges": ["nx-all"], "roles": []}),
    (
        "POST",
        "/service/rest/v1/security/privileges/wildcard",
        {"name": "evil", "pattern": "nexus:*"},
    ),
    ("PUT", "/service/rest/v1/security/anonymous", ANONYMOUS),
    ("PUT", "/service/rest/v1/security/realms/active", ["NexusAuthenticatingRealm", "DockerToken"]),
    # changing what others get
    (
        "POST",
        "/service/rest/v1/routing-rules",
        RULE,
    ),
    ("DELETE", "/service/rest/v1/routing-rules/evil", None),
    ("POST", "/service/rest/v1/blobstores/file", {"name": "evil", "path": "evil"}),
    ("DELETE", "/service/rest/v1/blobstores/evil", None),
    ("POST", "/service/rest/v1/repositories/maven-outside/invalidate-cache", None),
    ("PUT", "/repository/raw-hidden/evil.txt", b"evil"),
    ("DELETE", OWN_JAR, None),
    ("DELETE", "/service/rest/v1/repositories/raw-hidden", None),
]
REFUSED = (401, 403, 404, 405)


def basic(user: str, word: str) -> str:
    return "Basic " + b64encode(f"{user}:{word}".encode()).decode()


@pytest.fixture
def store(tmp_path: Path, certificate: tuple[str, str]) -> Iterator[Store]:
    with stores(binary(), tmp_path, certificate) as start:
        made = start({})
        storage = {"blobStoreName": "default", "writePolicy": "ALLOW", "strictContentTypeValidation": False}
        hidden = {"name": "raw-hidden", "online": True, "storage": storage}
        assert made.server.rest("POST", "repositories/raw/hosted", json=hidden).status_code == 201
        for path in ("/repository/raw-hidden/secret.txt", OWN_JAR):
            assert made.server.admin("PUT", path, data=b"x").status_code == 201
        yield made


class Agent:
    """Somebody with a login, through nginx."""

    def __init__(self, store: Store, user: str, word: str = "right") -> None:
        self._nginx, self.login = store.nginx, basic(user, word)

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = MappingProxyType({})) -> Reply:
        kind = "text/plain" if isinstance(body, str) else "application/json"
        sent = json.dumps(body) if isinstance(body, dict | list) else body
        return self._nginx.ask(method, path, {"Content-Type": kind, "Authorization": self.login, **headers}, body=sent)


def administrator(store: Store) -> Agent:
    return Agent(store, "admin", password(store.server))


@pytest.mark.parametrize("who", AGENTS)
def test_no_agent_can_do_what_only_an_administrator_may(store: Store, attempts: Attempts, who: str) -> None:
    agent, admin = Agent(store, who), administrator(store)
    for method, path, body in TRIES:
        reply = agent.ask(method, path, body)
        attempts.held(f"{method} {path} as {who} is a {reply.status}", reply.status in REFUSED)
    for method, path, body in TRIES:
        attempts.control(passed=admin.ask(method, path, body).status < 400)
    assert attempts.passed == len(TRIES)


# Of the published operations, those that need no right, or show only what the asker may see.
OPEN = (
    "GET /swagger.json",
    "GET /v1/lifecycle/phase",
    "GET /v1/repositorySettings",
    "GET /v1/search/assets/download",
    "GET /v1/status",
    "GET /v1/status/writable",
    "GET /v1/repositories",
    "GET /v1/search",
    "GET /v1/search/assets",
    "GET /v1/formats/upload-specs",
    "GET /v1/formats/{format}/upload-specs",
)


@pytest.mark.parametrize("who", AGENTS)
def test_no_agent_can_use_another_operation_of_the_api(store: Store, attempts: Attempts, who: str) -> None:
    agent, admin = Agent(store, who), administrator(store)
    published = admin.ask("GET", "/service/rest/swagger.json").json["paths"]
    operations = [(method.upper(), path) for path, item in published.items() for method in item]
    assert len(operations) > 100
    for method, path in operations:
        target = "/service/rest" + re.sub(r"{[^}]*}", "raw-hidden", path)
        body: Any = None if method in ("GET", "DELETE") else {}
        reply = agent.ask(method, target, body)
        is_open = f"{method} {path}" in OPEN and b"raw-hidden" not in reply.body
        attempts.held(f"{method} {path} as {who} is a {reply.status}", 400 <= reply.status < 500 or is_open)
        if method == "GET":
            attempts.control(passed=admin.ask(method, target).status not in (401, 403))
    assert b"raw-hidden" in admin.ask("GET", "/service/rest/v1/repositorySettings").body


@pytest.mark.parametrize("who", AGENTS)
@pytest.mark.parametrize(
    ("door", "content"), [(USERS, b'"userId"'), ("/repository/raw-hidden/secret.txt", b"x-marks-it")]
)
def test_no_spelling_and_no_header_raises_an_agents_rights(
    store: Store, attempts: Attempts, who: str, door: str, content: bytes
) -> None:
    store.server.admin("PUT", "/repository/raw-hidden/secret.txt", data=b"x-marks-it").raise_for_status()
    agent, admin = Agent(store, who), administrator(store)
    for target in spelled(door, HOST):
        got = {}
        for each in (agent, admin):
            request = written("GET", target, HOST, f"Authorization: {each.login}\r\n")
            got[each] = content in exchange(store.nginx.ports[8443], request, store.nginx.tls)
        attempts.held(f"{target} as {who}", not got[agent])
        attempts.control(passed=got[admin])
    for name in FORGED:
        reply = agent.ask("GET", door, headers={name: "admin"})
        attempts.held(f"{name} as {who}", content not in reply.body)


def test_an_agent_publishes_but_replaces_and_removes_nothing(store: Store, attempts: Attempts) -> None:
    """As `ci-push`, to a repository that takes each release once."""
    settings = store.server.rest("GET", "repositories/maven/hosted/maven-own").json()
    settings["storage"]["writePolicy"] = "ALLOW_ONCE"
    assert store.server.rest("PUT", "repositories/maven/hosted/maven-own", json=settings).status_code == 204
    agent, admin = Agent(store, "ci-push"), administrator(store)
    release = "/repository/maven-own/org/domain/lib/2/lib-2.jar"
    attempts.control(passed=agent.ask("PUT", release, b"right").status == 201)
    for target in spelled(release, HOST):
        for method in ("PUT", "DELETE", "POST"):
            body = "Content-Length: 4\r\nConnection: close\r\n\r\nevil"
            request = f"{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: {agent.login}\r\n{body}"
            exchange(store.nginx.ports[8443], request.encode("latin-1"), store.nginx.tls)
            attempts.held(f"{method} {target}", admin.ask("GET", release).body == b"right")
    for path in ("maven-all", "maven-outside", "raw-hidden"):
        status = agent.ask("PUT", f"/repository/{path}/org/domain/lib/3/lib-3.jar", b"evil").status
        attempts.held(f"PUT to {path} is a {status}", status in (400, 403, 404, 405))
    attempts.control(passed=admin.ask("DELETE", release).status == 204)
