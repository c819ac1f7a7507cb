"""The operations in a server's own API document; an open-source core has no docker and no capabilities."""

from typing import Any

import pytest

from nexus.errors import NotFound
from nexus.server_api import ServerApi

CORE = {
    "info": {"version": "3.77.0-08"},
    "paths": {
        "/v1/repositories/raw/hosted": {"post": {}},
        "/v1/repositories/{repositoryName}/health-check": {"post": {}},
        "/v1/blobstores/file": {"post": {}},
        "/v1/tasks": {"get": {}},
        "/v1/email": {"get": {}, "put": {}},
    },
}


class Client:
    """Answers from a table, and counts requests."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers, self.asked = answers, list[str]()

    def get(self, path: str) -> Any:
        self.asked.append(path)
        if path not in self.answers:
            raise NotFound(path)
        return self.answers[path]


@pytest.mark.parametrize(
    ("request_", "lacks"),
    [
        ("repository/raw/hosted", False),
        ("repository/docker/hosted", True),
        ("blobStore/file", False),
        ("blobStore/s3", True),
        ("capability/audit", True),
        ("task", True),
        ("email", False),
        ("http", True),
        ("cleanupPolicy", False),
        ("eula", False),
    ],
)
def test_operations_outside_of_the_document_are_lacking(request_: str, lacks: bool) -> None:
    client = Client({"/swagger.json": CORE})
    server = ServerApi(client)  # type: ignore[arg-type]
    assert server.lacks(request_) is lacks
    assert server.lacks(request_) is lacks
    assert client.asked in ([], ["/swagger.json"])
    assert server.title == "Nexus 3.77.0-08"


def test_a_server_without_a_document_lacks_nothing() -> None:
    assert not ServerApi(Client({})).lacks("repository/docker/hosted")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("properties", "takes"),
    [({}, False), ({"nexus.scripts.allowCreation": "true"}, True), ({"nexus.scripts.allowCreation": "false"}, False)],
)
def test_whether_scripts_are_enabled_is_in_its_properties(properties: dict[str, str], takes: bool) -> None:
    client = Client({"/atlas/system-information": {"nexus-properties": properties}})
    assert ServerApi(client).takes_scripts is takes  # type: ignore[arg-type]
    assert ServerApi(Client({})).takes_scripts  # type: ignore[arg-type]
