"""Content and objects of others survive every change of a stack file.

Each sequence runs on the stand-in as an external server, or on the server in NEXUS_URL.
"""

from typing import Any

import pytest

from tests.integration.provider.play import Failed, Play
from tests.integration.provider.sequence import LOGIN, central, group, live, post, raw, served, unchanged

CENTRAL = {"format": "maven", "type": "proxy"}


def test_an_adopted_blob_store_keeps_its_path_and_its_files(play: Play) -> None:
    post(play, "/v1/blobstores/file", {"name": "theirs", "path": "elsewhere"})
    post(play, "/v1/repositories/raw/hosted", raw("files", "theirs"))
    play.store("files/a.txt", b"precious")
    play.wanted["blobStores"] = {"theirs": {"adopt": True, "softQuota": {"type": "spaceUsedQuota", "limit": "10GiB"}}}
    play.up()
    assert live(play, "/v1/blobstores/file/theirs")["path"] == "elsewhere"
    assert live(play, "/v1/blobstores/file/theirs")["softQuota"]["limit"] == 10 << 30
    assert served(play, "files/a.txt") == b"precious"
    assert unchanged(play)
    play.wanted["blobStores"]["theirs"]["path"] = "other"
    with pytest.raises(Failed, match="path is elsewhere and cannot become other"):
        play.preview()


def test_the_path_of_a_blob_store_cannot_change(play: Play) -> None:
    play.wanted["blobStores"] = {"ours": {"path": "first"}}
    play.up()
    play.wanted["blobStores"]["ours"]["path"] = "second"
    with pytest.raises(Failed, match="path is first and cannot become second"):
        play.preview()
    with pytest.raises(Failed, match="path is first and cannot become second"):
        play.up()
    assert live(play, "/v1/blobstores/file/ours")["path"] == "first"


def test_a_takeover_that_the_server_would_refuse_changes_nothing(play: Play) -> None:
    path = "/v1/repositories/maven/proxy/maven-central"
    before = central(play)
    with_login = {**before["httpClient"], "authentication": {**LOGIN, "preemptive": False}}
    play.ask("PUT", path, {**before, "httpClient": with_login}).raise_for_status()
    there, public = live(play, path), live(play, "/v1/repositories/maven/group/maven-public")
    play.wanted["blobStores"] = {"central": {}}
    play.wanted["repositories"] = {"maven-central": {**CENTRAL, "storage": {"blobStoreName": "central"}}}
    with pytest.raises(Failed, match=r"httpClient\.authentication\.password"):
        play.preview()
    with pytest.raises(Failed, match=r"httpClient\.authentication\.password"):
        play.up()
    assert live(play, path) == there
    assert live(play, "/v1/repositories/maven/group/maven-public") == public
    play.wanted["repositories"]["maven-central"]["httpClient"] = {"authentication": LOGIN}
    play.up()
    assert live(play, path)["storage"]["blobStoreName"] == "central"
    assert live(play, path)["proxy"]["remoteUrl"] == before["proxy"]["remoteUrl"]
    assert live(play, path)["httpClient"]["authentication"]["username"] == "reader"
    assert live(play, "/v1/repositories/maven/group/maven-public") == public
    assert unchanged(play)
    restore_central(play, before)


def restore_central(play: Play, before: dict[str, Any]) -> None:
    """Restores the shipped repository for the next sequence on the same server."""
    play.ask("DELETE", "/v1/repositories/maven-central")
    post(play, "/v1/repositories/maven/proxy", before)
    path = "/v1/repositories/maven/group/maven-public"
    members = ["maven-releases", "maven-snapshots", "maven-central"]
    play.ask("PUT", path, {**live(play, path), "group": {"memberNames": members}}).raise_for_status()


def test_a_deleted_shipped_repository_is_recreated_with_its_remote(play: Play) -> None:
    path = "/v1/repositories/maven/proxy/maven-central"
    before = central(play)
    play.wanted["repositories"] = {"maven-central": dict(CENTRAL)}
    play.up()
    play.ask("DELETE", "/v1/repositories/maven-central").raise_for_status()
    assert "1 updated" in play.up("--refresh")
    assert live(play, path)["proxy"]["remoteUrl"] == before["proxy"]["remoteUrl"]
    assert unchanged(play)
    restore_central(play, before)


def test_a_missing_shipped_repository_needs_a_remote_at_preview(play: Play) -> None:
    before = central(play)
    play.ask("DELETE", "/v1/repositories/maven-central").raise_for_status()
    play.wanted["repositories"] = {"maven-central": dict(CENTRAL)}
    with pytest.raises(Failed, match=r"maven-central: is not on the server, so proxy\.remoteUrl is required"):
        play.preview()
    restore_central(play, before)


def create_readers_of_others(play: Play, *names: str) -> None:
    """Creates a group and a role of others that read the repositories."""
    post(play, "/v1/repositories/raw/group", group("their-group", *names))
    privileges = [f"nx-repository-view-raw-{name}-{action}" for name in names for action in ("browse", "read")]
    privileges += [f"nx-repository-admin-raw-{names[0]}-edit", "nx-search-read"]
    role = {"id": "their-role", "name": "theirs", "description": "", "privileges": privileges, "roles": []}
    post(play, "/v1/security/roles", role)


def readers_of_others(play: Play) -> tuple[Any, Any]:
    role = live(play, "/v1/security/roles/their-role")
    return live(play, "/v1/repositories/raw/group/their-group"), {**role, "privileges": sorted(role["privileges"])}


def test_a_replaced_repository_keeps_its_place_in_groups_and_roles(play: Play) -> None:
    play.wanted["blobStores"] = {"one": {}, "two": {}}
    play.wanted["repositories"] = {
        name: {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "one", "writePolicy": "ALLOW"}}
        for name in ("first", "files", "last")
    }
    play.wanted["repositories"]["ours"] = {
        "format": "raw",
        "type": "group",
        "group": {"memberNames": ["first", "files", "last"]},
    }
    play.wanted["roles"] = {"ours": {"push": ["files"]}}
    play.up()
    create_readers_of_others(play, "first", "files", "last")
    before, ours = readers_of_others(play), live(play, "/v1/security/roles/ours")
    play.wanted["repositories"]["files"]["storage"]["blobStoreName"] = "two"
    text = play.preview()
    assert "its place in groups ours, their-group and its privileges in roles ours, their-role" in text
    play.up()
    assert live(play, "/v1/repositories/raw/hosted/files")["storage"]["blobStoreName"] == "two"
    assert readers_of_others(play) == before
    assert sorted(live(play, "/v1/security/roles/ours")["privileges"]) == sorted(ours["privileges"])
    assert live(play, "/v1/repositories/raw/group/ours")["group"]["memberNames"] == ["first", "files", "last"]
    assert not [each for each in live(play, "/v1/repositories") if each["name"].endswith(".replacement")]
    assert unchanged(play)


def test_a_replacement_that_the_server_refuses_changes_nothing(play: Play) -> None:
    play.wanted["blobStores"] = {"one": {}, "two": {}}
    repository = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "one", "writePolicy": "ALLOW"}}
    play.wanted["repositories"] = {"files": repository}
    play.up()
    create_readers_of_others(play, "files")
    before, files = readers_of_others(play), live(play, "/v1/repositories/raw/hosted/files")
    play.ask("DELETE", "/v1/blobstores/two").raise_for_status()
    repository["storage"] = {"blobStoreName": "two", "writePolicy": "ALLOW"}
    with pytest.raises(Failed, match="files: cannot be replaced and is unchanged: the server refuses the new one"):
        play.up()
    play.wanted["repositories"]["files"] = {"format": "maven", "type": "hosted"}
    with pytest.raises(
        Failed, match="would be replaced by another format, but is used by repository their-group, role their-role"
    ):
        play.up()
    assert live(play, "/v1/repositories/raw/hosted/files") == files
    assert readers_of_others(play) == before


def test_a_repository_changes_its_format_when_it_leaves_its_group(play: Play) -> None:
    def hosted(format_: str) -> dict[str, Any]:
        return {"format": format_, "type": "hosted"}

    members = {"memberNames": ["first", "files"]}
    play.wanted["repositories"] = {
        "first": hosted("raw"),
        "files": hosted("raw"),
        "ours": {"format": "raw", "type": "group", "group": members},
    }
    play.up()
    play.wanted["repositories"]["files"] = hosted("maven")
    members["memberNames"] = ["first"]
    play.up()
    assert live(play, "/v1/repositories/raw/group/ours")["group"]["memberNames"] == ["first"]
    assert live(play, "/v1/repositories/maven/hosted/files")
    assert unchanged(play)


def test_a_privilege_that_changes_its_type_keeps_its_place_in_roles(play: Play) -> None:
    play.wanted["privileges"] = {"view": {"type": "wildcard", "pattern": "nexus:search:read"}}
    play.wanted["roles"] = {"ours": {"privileges": ["nx-search-read", "view"]}}
    play.up()
    play.wanted["privileges"]["view"] = {
        "type": "repository-view",
        "format": "raw",
        "repository": "*",
        "actions": ["READ"],
    }
    play.up()
    assert live(play, "/v1/security/privileges/view")["type"] == "repository-view"
    assert sorted(live(play, "/v1/security/roles/ours")["privileges"]) == ["nx-search-read", "view"]
    assert unchanged(play)


@pytest.mark.parametrize("killed_after", ["join", "delete", "create"])
def test_the_next_up_completes_a_killed_replacement(play: Play, killed_after: str) -> None:
    """Makes the steps of nexus.recreation up to the kill by hand."""
    play.wanted["blobStores"] = {"one": {}, "two": {}}
    repository = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "one", "writePolicy": "ALLOW"}}
    play.wanted["repositories"] = {"first": dict(repository), "files": dict(repository)}
    play.up()
    create_readers_of_others(play, "first", "files")
    before = readers_of_others(play)
    play.wanted["repositories"]["files"] = {**repository, "storage": {"blobStoreName": "two", "writePolicy": "ALLOW"}}
    post(play, "/v1/repositories/raw/hosted", raw("files.replacement", "two"))
    there = group("their-group", "first", "files", "files.replacement")
    play.ask("PUT", "/v1/repositories/raw/group/their-group", there).raise_for_status()
    role = live(play, "/v1/security/roles/their-role")
    kept = [each.replace("-files-", "-files.replacement-") for each in role["privileges"] if "-files-" in each]
    role["privileges"] += kept
    play.ask("PUT", "/v1/security/roles/their-role", role).raise_for_status()
    if killed_after in ("delete", "create"):
        play.ask("DELETE", "/v1/repositories/files").raise_for_status()
    if killed_after == "create":
        post(play, "/v1/repositories/raw/hosted", raw("files", "two"))
    play.up("--refresh")
    assert readers_of_others(play) == before
    assert live(play, "/v1/repositories/raw/hosted/files")["storage"]["blobStoreName"] == "two"
    assert play.ask("GET", "/v1/repositories/files.replacement").status_code == 404
    assert unchanged(play)
