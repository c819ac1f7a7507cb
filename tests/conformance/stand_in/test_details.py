"""Behaviour of the real server beyond its API: blob stores, repair, protected remotes, options."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.contract.bodies import repository
from tests.conformance.contract.stand_in import Server, running
from tests.conformance.stand_in.test_interruptions import npm
from tests.support.versions import NEWEST

REPAIR = {
    "name": "repair",
    "type": "blobstore.rebuildComponentDB",
    "enabled": True,
    "notificationCondition": "FAILURE",
    "frequency": {"schedule": "manual"},
    "properties": {"blobstoreName": "kept", "restoreBlobs": "true"},
}


@pytest.fixture
def plain(program: Path, tmp_path: Path) -> Iterator[Server]:
    """A server without options."""
    with running(program, tmp_path, NEWEST) as started:
        yield started


def make(server: Server, recipe: str, name: str, blob_store: str = "default", **changes: object) -> None:
    body = {**repository(recipe, name), **changes}
    body["storage"]["blobStoreName"] = blob_store
    answer = server.rest("POST", f"repositories/{recipe}", json=body)
    assert answer.status_code == 201, answer.text


def put(server: Server, path: str, data: str = "content") -> int:
    return server.admin("PUT", f"/repository/{path}", data=data).status_code


@pytest.mark.parametrize(
    ("recipe", "path"), [("raw/hosted", "a/b.txt"), ("maven/hosted", "org/domain/library/1.0/library-1.0.pom")]
)
def test_only_the_repair_task_restores_content(plain: Server, recipe: str, path: str) -> None:
    store = {"name": "kept", "path": "kept"}
    plain.rest("POST", "blobstores/file", json=store)
    make(plain, recipe, "files", "kept")
    assert put(plain, f"files/{path}", "<project/>") == 201
    before = plain.admin("GET", f"/repository/files/{path}").headers["ETag"]
    assert plain.rest("DELETE", "repositories/files").status_code == 204
    assert plain.rest("DELETE", "blobstores/kept").status_code == 204
    plain.rest("POST", "blobstores/file", json=store)
    make(plain, recipe, "files", "kept")
    assert plain.admin("GET", f"/repository/files/{path}").status_code == 404

    task = plain.rest("POST", "tasks", json=REPAIR).json()["id"]
    assert plain.rest("POST", f"tasks/{task}/run").status_code == 204
    after = plain.admin("GET", f"/repository/files/{path}")
    assert (after.text, after.headers["ETag"]) == ("<project/>", before)
    components = plain.rest("GET", "components?repository=files").json()["items"]
    assert [asset["path"].lstrip("/") for item in components for asset in item["assets"]] == [path]


def test_an_npm_package_is_restored_completely(plain: Server, tmp_path: Path) -> None:
    upload = npm(tmp_path)
    plain.rest("POST", "blobstores/file", json={"name": "kept", "path": "kept"})
    make(plain, "npm/hosted", "npm", "kept")
    assert plain.admin(upload.method, upload.path, data=upload.body, headers=upload.headers).ok
    shown = [plain.admin("GET", path).content for path in upload.seen]
    before = plain.rest("GET", "components?repository=npm").json()["items"]
    plain.rest("DELETE", "repositories/npm")
    make(plain, "npm/hosted", "npm", "kept")
    assert plain.admin("GET", upload.path).status_code == 404
    task = plain.rest("POST", "tasks", json=REPAIR).json()["id"]
    plain.rest("POST", f"tasks/{task}/run")
    assert [plain.admin("GET", path).content for path in upload.seen] == shown
    after = plain.rest("GET", "components?repository=npm").json()["items"]
    assert [(item["name"], item["version"]) for item in after] == [(item["name"], item["version"]) for item in before]


def test_a_deleted_file_is_not_restored(plain: Server) -> None:
    plain.rest("POST", "blobstores/file", json={"name": "kept", "path": "kept"})
    make(plain, "raw/hosted", "files", "kept")
    put(plain, "files/a.txt")
    plain.admin("DELETE", "/repository/files/a.txt")
    task = plain.rest("POST", "tasks", json=REPAIR).json()["id"]
    plain.rest("POST", f"tasks/{task}/run")
    assert plain.admin("GET", "/repository/files/a.txt").status_code == 404


def test_a_group_of_blob_stores_stores_and_serves_content(plain: Server) -> None:
    for name in ("one", "two"):
        plain.rest("POST", "blobstores/file", json={"name": name, "path": name})
    group = {"name": "both", "members": ["one"], "fillPolicy": "writeToFirst"}
    assert plain.rest("POST", "blobstores/group", json=group).status_code == 204
    make(plain, "raw/hosted", "files", "both")
    put(plain, "files/first.txt", "first")
    assert plain.rest("PUT", "blobstores/group/both", json={**group, "members": ["two", "one"]}).status_code == 204
    put(plain, "files/second.txt", "second")
    texts = [plain.admin("GET", f"/repository/files/{name}.txt").text for name in ("first", "second")]
    assert texts == ["first", "second"]
    counts = {store["name"]: store["blobCount"] for store in plain.rest("GET", "blobstores").json()}
    assert {name: counts[name] for name in ("one", "two", "both")} == {"one": 1, "two": 1, "both": 2}
    refused = plain.rest("PUT", "blobstores/group/both", json={**group, "members": ["two"]})
    assert "must be empty" in refused.text
    assert plain.rest("DELETE", "blobstores/one").status_code == 400


def test_cloud_blob_stores_are_contacted_unless_disabled(plain: Server, server: Server) -> None:
    bucket = {"bucket": {"region": "r", "name": "b", "expiration": 1}, "bucketSecurity": {"accessKeyId": "i"}}
    body = {"name": "far", "bucketConfiguration": bucket}
    assert plain.rest("POST", "blobstores/s3", json=body).status_code == 400
    assert server.rest("POST", "blobstores/s3", json=body).status_code == 201
    make(server, "raw/hosted", "in-a-cloud", "far")
    assert put(server, "in-a-cloud/a.txt") == 500
    server.rest("DELETE", "repositories/in-a-cloud")
    assert server.rest("DELETE", "blobstores/far").status_code == 204


def test_scripts_are_disabled_by_default(plain: Server) -> None:
    script = {"name": "hello", "type": "groovy", "content": "1"}
    assert plain.rest("POST", "script", json=script).status_code == 410


def test_ssrf_protection_refuses_internal_remotes_that_are_not_allowed(program: Path, tmp_path: Path) -> None:
    def create(name: str, remote: str) -> int:
        return server.rest("POST", "repositories/raw/proxy", json=repository("raw/proxy", name, remote)).status_code

    with running(program, tmp_path, NEWEST, "--ssrf-protection") as server:
        assert create("loopback", "http://127.0.0.1:9/") == 400
        assert create("private", "http://10.1.2.3/") == 400
        assert create("by-name", "http://localhost/") == 400
        assert create("outer", "https://192.0.2.7/") == 201
        allowed = {"enabled": True, "allowedIPs": ["10.0.0.0/8"], "allowedDomains": ["localhost"]}
        assert server.rest("PUT", "security/ssrf-protection", json=allowed).status_code == 200
        assert create("private", "http://10.1.2.3/") == 201
        assert create("by-name", "http://localhost/") == 201
        changed = repository("raw/proxy", "private", "http://192.168.0.1/")
        assert server.rest("PUT", "repositories/raw/proxy/private", json=changed).status_code == 400
        server.rest("PUT", "security/ssrf-protection", json={"enabled": False})
        assert create("loopback", "http://127.0.0.1:9/") == 201


@pytest.mark.parametrize(("generation", "status"), [("3.90", 400), ("3.97", 201)])
def test_http_client_fields_are_optional_since_3_97(
    program: Path, tmp_path: Path, generation: str, status: int
) -> None:
    with running(program, tmp_path, generation) as server:
        body = {**repository("raw/proxy", "short"), "httpClient": {}}
        assert server.rest("POST", "repositories/raw/proxy", json=body).status_code == status


def test_the_order_of_ldap_servers_can_be_changed(plain: Server) -> None:
    server = {
        "protocol": "LDAP",
        "host": "ldap.test",
        "port": 389,
        "searchBase": "dc=test",
        "authScheme": "NONE",
        "connectionTimeoutSeconds": 30,
        "connectionRetryDelaySeconds": 300,
        "maxIncidentsCount": 3,
        "userObjectClass": "person",
        "userIdAttribute": "uid",
        "userRealNameAttribute": "cn",
        "userEmailAddressAttribute": "mail",
    }
    for name in ("one", "two"):
        assert plain.rest("POST", "security/ldap", json={**server, "name": name}).status_code == 201
    assert plain.rest("POST", "security/ldap/change-order", json=["two", "one"]).status_code == 204
    assert [(one["name"], one["order"]) for one in plain.rest("GET", "security/ldap").json()] == [
        ("two", 0),
        ("one", 1),
    ]


def test_a_placeholder_keeps_the_password(plain: Server) -> None:
    crowd = {"enabled": True, "realmActive": False, "url": "http://crowd.test", "applicationName": "nexus"}
    plain.rest("PUT", "security/atlassian-crowd", json={**crowd, "applicationPassword": "secret"})
    shown = plain.rest("GET", "security/atlassian-crowd").json()
    assert "secret" not in str(shown)
    assert plain.rest("PUT", "security/atlassian-crowd", json={**shown, "timeout": 5}).status_code == 200
    assert plain.rest("GET", "security/atlassian-crowd").json()["applicationPassword"] == shown["applicationPassword"]
