"""The content disposition of a raw group, which the REST API does not show, survives changes to it and its members.

Each sequence runs on the stand-in as an external server, or on the server in NEXUS_URL.
"""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nexus.http.client import NexusClient
from tests.integration.provider.generated.engine import InProcess
from tests.integration.provider.play import Failed, Play
from tests.integration.provider.sequence import (
    group,
    live,
    post,
    raw,
    unchanged,
)

INLINE = {"raw": {"contentDisposition": "INLINE"}}


def test_the_content_disposition_of_a_raw_group_is_set_and_survives_an_adoption(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("files"))
    play.store("files/a.html", b"<html></html>")
    there = {**group("theirs", "files"), **INLINE}
    post(play, "/v1/repositories/raw/group", there)
    repository: dict[str, Any] = {"format": "raw", "type": "group", "group": {"memberNames": ["files"]}, "adopt": True}
    files = {"format": "raw", "type": "hosted", "adopt": True}
    play.wanted["repositories"] = {"files": files, "theirs": repository}
    play.up()  # equals the server's: nothing is sent
    repository["storage"] = {"strictContentTypeValidation": True}
    play.up()
    assert disposition(play, "theirs/a.html") == "inline"
    repository["raw"] = {"contentDisposition": "ATTACHMENT"}
    play.up()
    assert disposition(play, "theirs/a.html") == "attachment"
    assert unchanged(play)
    play.ask("PUT", "/v1/repositories/raw/group/theirs", there).raise_for_status()
    assert "1 updated" in play.up("--refresh")
    assert disposition(play, "theirs/a.html") == "attachment"
    assert unchanged(play)


def test_replacing_a_member_keeps_the_content_disposition_of_its_group(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("files"))
    play.store("files/a.html", b"<html></html>")
    play.wanted |= {"blobStores": {"other": {}}, "repositories": {"ours": {"format": "raw", "type": "hosted"}}}
    play.up()
    post(play, "/v1/repositories/raw/group", {**group("theirs", "files", "ours"), **INLINE})
    play.wanted["repositories"]["ours"]["storage"] = {"blobStoreName": "other"}
    play.up()
    assert live(play, "/v1/repositories/raw/group/theirs")["group"]["memberNames"] == ["files", "ours"]
    assert disposition(play, "theirs/a.html") == "inline"


def test_no_member_is_replaced_if_the_content_disposition_cannot_be_read(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = play.environment
    engine = InProcess(environment["NEXUS_URL"], Path(environment["NEXUS_CA"]), environment["NEXUS_ADDRESS"])
    wanted = {**play.wanted, "blobStores": {"other": {}}, "repositories": {"ours": {"format": "raw", "type": "hosted"}}}
    engine.up(wanted, refresh=False, order=0)
    post(play, "/v1/repositories/raw/group", {**group("theirs", "ours"), **INLINE})
    before = live(play, "/v1/repositorySettings")
    wanted["repositories"]["ours"]["storage"] = {"blobStoreName": "other"}
    monkeypatch.setattr(NexusClient, "asked_by_pages", lambda *_: [])
    for command in (engine.preview, partial(engine.up, order=0)):
        with pytest.raises(Failed, match=r"theirs would be rewritten and lose raw\.contentDisposition"):
            command(wanted, refresh=True)
    assert live(play, "/v1/repositorySettings") == before


def disposition(play: Play, path: str) -> str:
    return play.send("GET", f"/repository/{path}").headers["Content-Disposition"].partition(";")[0]
