"""Content that the recordings do not cover: groups, proxies, apt, routing rules."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.contract.bodies import repository
from tests.conformance.contract.stand_in import Server, direct, running
from tests.support.deb import debian_package
from tests.support.versions import NEWEST


@pytest.fixture(scope="module")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(program, tmp_path_factory.mktemp("content"), NEWEST) as started:
        yield started


def make(
    server: Server, recipe: str, name: str, members: tuple[str, ...] = (), remote: str = "http://127.0.0.1:9"
) -> None:
    answer = server.rest("POST", f"repositories/{recipe}", json=repository(recipe, name, remote, members))
    assert answer.status_code == 201, answer.text


def metadata(version: str) -> str:
    return (
        "<metadata><groupId>g</groupId><artifactId>a</artifactId><versioning>"
        f"<release>{version}</release><versions><version>{version}</version></versions></versioning></metadata>"
    )


def test_a_maven_group_merges_metadata_and_its_checksums(server: Server) -> None:
    for name, version in (("m1", "1.2"), ("m2", "1.10")):
        make(server, "maven/hosted", name)
        server.admin("PUT", f"/repository/{name}/g/a/maven-metadata.xml", data=metadata(version))
    make(server, "maven/group", "mg", ("m1", "m2"))
    merged = server.admin("GET", "/repository/mg/g/a/maven-metadata.xml")
    assert merged.text.index("<version>1.2<") < merged.text.index("<version>1.10<")
    assert "<release>1.10</release>" in merged.text
    checksum = server.admin("GET", "/repository/mg/g/a/maven-metadata.xml.sha1").text
    assert checksum == hashlib.sha1(merged.content).hexdigest()


def test_a_proxy_serves_cached_content(server: Server) -> None:
    make(server, "raw/hosted", "origin")
    make(server, "raw/proxy", "cache", remote=f"{server.url}/repository/origin/")
    server.admin("PUT", "/repository/origin/big.bin", data=b"x" * 3_000_000)
    assert len(server.admin("GET", "/repository/cache/big.bin").content) == 3_000_000
    server.rest("DELETE", "repositories/origin")
    part = server.admin("GET", "/repository/cache/big.bin", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, b"x" * 10)


def test_a_group_serves_the_first_member_with_the_file(server: Server) -> None:
    for name in ("one", "two"):
        make(server, "raw/hosted", name)
        server.admin("PUT", f"/repository/{name}/same.txt", data=name)
    server.admin("PUT", "/repository/two/only.txt", data="two")
    make(server, "raw/group", "both", ("one", "two"))
    assert server.admin("GET", "/repository/both/same.txt").text == "one"
    assert server.admin("GET", "/repository/both/only.txt").text == "two"
    assert server.admin("PUT", "/repository/both/new.txt", data="x").status_code == 405


def test_a_routing_rule_blocks_paths(server: Server) -> None:
    rule = {"name": "no-secrets", "description": "", "mode": "BLOCK", "matchers": ["/secret/.*"]}
    assert server.rest("POST", "routing-rules", json=rule).status_code == 204
    body = {**repository("raw/proxy", "ruled"), "routingRule": "no-secrets"}
    assert server.rest("POST", "repositories/raw/proxy", json=body).status_code == 201
    assert server.admin("GET", "/repository/ruled/secret/x").status_code == 403
    assert server.rest("DELETE", "routing-rules/no-secrets").status_code == 400


def test_an_upload_form_stores_maven_files_with_checksums(server: Server) -> None:
    make(server, "maven/hosted", "forms")
    fields = {
        "maven2.groupId": "org.x",
        "maven2.artifactId": "lib",
        "maven2.version": "1.0",
        "maven2.generate-pom": "true",
    }
    fields["maven2.asset1.extension"] = "jar"
    files = {"maven2.asset1": ("lib.jar", b"PK\x03\x04 a jar")}
    assert server.rest("POST", "components?repository=forms", data=fields, files=files).status_code == 204
    paths = [asset["path"] for asset in server.rest("GET", "assets?repository=forms").json()["items"]]
    for ending in (".jar", ".jar.sha1", ".jar.md5", ".jar.sha256", ".jar.sha512", ".pom"):
        assert f"/org/x/lib/1.0/lib-1.0{ending}" in paths
    assert "<release>1.0</release>" in server.admin("GET", "/repository/forms/org/x/lib/maven-metadata.xml").text
    missing = server.rest("POST", "components?repository=forms", data={"maven2.groupId": "g"}, files=files)
    assert missing.status_code == 400


def test_apt_stores_packages_and_refuses_to_sign_with_a_broken_key(server: Server) -> None:
    make(server, "apt/hosted", "debs")
    assert server.admin("PUT", "/repository/debs/x.deb", data=b"x").status_code == 405
    assert server.admin("POST", "/repository/debs/", data=b"no package").status_code == 500  # as on a core 3.77.0
    assert server.admin("POST", "/repository/debs/", data=debian_package("hello", "1.0")).status_code == 201
    package = server.admin("GET", "/repository/debs/pool/h/hello/hello_1.0_all.deb")
    assert package.content == debian_package("hello", "1.0")
    assert server.admin("GET", "/repository/debs/dists/stable/Release").status_code == 500


def test_a_new_repository_of_the_same_name_is_empty(server: Server) -> None:
    server.rest("POST", "blobstores/file", json={"name": "gone", "path": "gone"})
    body = repository("raw/hosted", "again")
    body["storage"]["blobStoreName"] = "gone"
    for expected in (404, 404):
        assert server.rest("POST", "repositories/raw/hosted", json=body).status_code == 201
        assert server.admin("GET", "/repository/again/a.txt").status_code == expected
        server.admin("PUT", "/repository/again/a.txt", data="a")
        assert server.rest("DELETE", "repositories/again").status_code == 204
    kept = list((server.data / "blobs" / "gone" / "content").rglob("*.bytes"))
    assert len(kept) == 2
    assert server.rest("DELETE", "blobstores/gone").status_code == 204
    assert all(file.exists() for file in kept)


def test_wrong_credentials_are_refused_everywhere(server: Server) -> None:
    for path in ("/", "/service/rest/v1/status", "/repository/maven-public/", "/service/rest/none"):
        answer = direct("GET", server.url + path, auth=("admin", "wrong"))
        assert answer.status_code == 401, path
