"""Who sees what, and which logins are refused.

What the real server does was read in the source of Nexus Core 3.77: ContentAuthPluginScript for searches, and
NexusBasicHttpAuthenticationFilter with Shiro's BasicHttpAuthenticationFilter for logins.
"""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import pytest

from tests.conformance.contract.stand_in import Server, direct
from tests.conformance.stand_in.pair import Pair, create

BASIC = "/service/rest/v1/repositories"


@pytest.fixture(scope="module")
def near(pair: Pair) -> Server:
    """Three raw repositories, two of them in a group, with a public and an inner file each."""
    for name in ("seen", "grouped", "hidden"):
        create(pair.near, "raw/hosted", name)
        for folder in ("public", "inner"):
            stored = pair.near.admin("PUT", f"/repository/{name}/{folder}/{name}.txt", data=b"text")
            assert stored.status_code == 201
    create(pair.near, "raw/group", "all-files", members=("grouped", "hidden"))
    return pair.near


def reader(server: Server, name: str, *privileges: dict[str, Any]) -> tuple[str, str]:
    """The login of a user whose role has these privileges on content selectors."""
    for privilege in privileges:
        made = server.rest("POST", "security/privileges/repository-content-selector", json=privilege)
        assert made.status_code == 201, made.text
    names = [privilege["name"] for privilege in privileges]
    made = server.rest("POST", "security/roles", json={"id": name, "name": name, "privileges": names, "roles": []})
    assert made.status_code == 200, made.text
    user = {"userId": name, "firstName": name, "lastName": name, "emailAddress": "a@b.example", "status": "active"}
    made = server.rest("POST", "security/users", json={**user, "password": "pw", "roles": [name]})
    assert made.status_code == 200, made.text
    return name, "pw"


def on(repository: str, selector: str) -> dict[str, Any]:
    return {
        "name": f"{repository}-{selector}",
        "description": "",
        "actions": ["BROWSE", "READ"],
        "format": "raw",
        "repository": repository,
        "contentSelector": selector,
    }


def paths(items: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(f"{item['repository']}{item['path']}" for item in items)


def test_a_search_shows_what_content_selectors_let_through(near: Server) -> None:
    selector = {"name": "public", "description": "", "expression": 'path =~ "^/(?!inner/).*"'}
    assert near.rest("POST", "security/content-selectors", json=selector).status_code == 204
    login = reader(near, "reader", on("seen", "public"), on("all-files", "public"))
    wanted = [f"{name}/public/{name}.txt" for name in ("grouped", "hidden", "seen")]
    found = direct("GET", f"{near.url}/service/rest/v1/search/assets?format=raw", auth=login).json()["items"]
    assert paths(found) == wanted
    found = direct("GET", f"{near.url}/service/rest/v1/search?format=raw", auth=login).json()["items"]
    assert paths(asset for item in found for asset in item["assets"]) == wanted
    everything = near.rest("GET", "search/assets?format=raw").json()["items"]
    assert len(paths(everything)) == 6


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Basic", 401),
        ("basic ", 401),
        ("Basic !!!", 401),
        ("BASICALLY", 401),
        ("Basic " + b64encode(b"admin").decode(), 401),
        ("Basic " + b64encode(b"admin:wrong").decode(), 401),
        ("Basic Og==", 200),
        ("Bearer NpmToken.unknown", 401),
        ("Bearer something", 200),
        ("Digest x", 200),
        ("x", 200),
    ],
)
@pytest.mark.parametrize("path", [BASIC, "/", "/service/rest/v1/search"])
def test_a_malformed_login_is_refused(server: Server, path: str, header: str, status: int) -> None:
    assert direct("GET", server.url + path, headers={"Authorization": header}).status_code == status
