"""What preview, `up` and `down` say when a stack takes over an external server and leaves it again.

The lines come from the events of a real Pulumi, as ./store reads them; the server is the stand-in.
"""

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.commands.watch import by_resource
from cli.events.log import EventLog
from cli.events.outlook import outlook
from cli.events.progress import Progress
from cli.events.reasons import reasons
from exports import state as exports
from exports.inventory import Inventory
from nexus.http.client import NexusClient
from nexus.objects.reader import Reader
from reports.events import document
from reports.preview import Preview
from reports.undeclared import in_words, still
from tests.integration.provider.play import Failed, Play
from tests.integration.provider.sequence import group, live, post, raw, unchanged
from tests.integration.provider.test_exports import exports as exported

ROLE = {"description": "theirs", "privileges": ["nx-search-read"]}
EMAIL = {"enabled": True, "host": "localhost", "port": 25, "fromAddress": "nexus@provider.test"}


class Told:
    """What ./store says of a run of Pulumi."""

    def __init__(self, play: Play, *arguments: str) -> None:
        file = play.folder / "events"
        file.unlink(missing_ok=True)
        with suppress(Failed):
            play.pulumi(*arguments, "--stack", "test", "--event-log", str(file), PULUMI_DEBUG_COMMANDS="1")
        self.events = file.read_text()
        self.progress = Progress()
        log = EventLog()
        Path(log.path).write_text(self.events)
        for event in log.new():
            assert event
            self.progress.take(event)
        log.close()

    @property
    def lines(self) -> list[str]:
        return list(outlook(self.events))


@pytest.fixture
def theirs(external: Play) -> Play:
    """A server with roles, a repository and an e-mail server that the stack declares; two things differ."""
    for name in ("equal", "other", "given"):
        post(external, "/v1/security/roles", {"id": name, "name": name, "roles": [], **ROLE})
    post(external, "/v1/repositories/raw/hosted", raw("files"))
    external.store("files/a.txt", b"precious")
    external.ask("PUT", "/v1/email", EMAIL).raise_for_status()
    external.wanted |= {
        "roles": {
            "equal": ROLE,
            "other": {"adopt": True, "description": "ours"},
            "given": {"adopt": True, **ROLE, "onDelete": "delete"},
            "new": {"adopt": True, **ROLE},
        },
        "repositories": {"files": {"format": "raw", "type": "hosted", "adopt": True}},
        "email": {**EMAIL, "port": 2525},
    }
    return external


def test_a_takeover_says_what_it_adopts_changes_and_creates(theirs: Play) -> None:
    preview = Told(theirs, "preview")
    assert preview.progress.planned == "adopt 5, change 2 of them, create 1"
    assert {tuple(each) for each in by_resource(preview.lines)} == {
        ("adopt Role equal, given",),
        ("adopt Repository files",),
        ("create Role new",),
        ("adopt Role other", "    description: theirs -> ours"),
        ("adopt Email", "    port: 25 -> 2525"),
    }
    up = Told(theirs, "up", "--yes", "--skip-preview")
    assert up.progress.done_in_words() == "adopted 5, changed 2 of them, created 1"
    assert unchanged(theirs)
    assert "differing" not in str([each.get("outputs") for each in theirs.state()["deployment"]["resources"]])
    theirs.ask("DELETE", "/v1/security/roles/equal").raise_for_status()
    again = Told(theirs, "preview", "--refresh")
    assert again.lines == ["update Role equal (it is gone from the server)"]
    assert again.progress.planned == "update 1"
    theirs.up("--refresh")
    del theirs.wanted["roles"]["other"]
    left = Told(theirs, "preview")
    assert (left.progress.planned, left.lines) == (
        "stop managing 1",
        ["stop managing Role other (on the server it stays)"],
    )
    theirs.up()
    down = Told(theirs, "destroy", "--yes", "--skip-preview")
    assert "stopped managing 2" in down.progress.done_in_words()
    roles = {role["id"] for role in live(theirs, "/v1/security/roles")}
    assert "other" in roles
    assert "given" not in roles
    assert theirs.send("GET", "/repository/files/a.txt").content == b"precious"
    assert live(theirs, "/v1/email")["port"] == 25


def test_a_takeover_of_what_equals_its_declaration_changes_nothing(theirs: Play) -> None:
    theirs.wanted["email"] = EMAIL
    theirs.wanted["roles"] = {"equal": ROLE}
    preview = Told(theirs, "preview")
    assert preview.progress.planned == "adopt 3, change 0"
    before: Any = live(theirs, "/v1/email")
    theirs.counted()
    assert Told(theirs, "up", "--yes", "--skip-preview").progress.done_in_words() == "adopted 3, changed 0"
    assert live(theirs, "/v1/email") == before


def test_a_refused_takeover_is_one_line_and_no_value(theirs: Play) -> None:
    theirs.wanted["roles"] = {"other": {**ROLE, "description": "ours"}}
    found = reasons(Told(theirs, "preview").progress.messages)
    (line,) = [text for text in found if "other" in text]
    assert line == (
        "role other: is on the server already and differs in description. Fix: set `adopt: true` there to take it "
        "over, or give it another name (Role other)"
    )


def undeclared(play: Play) -> dict[str, int]:
    """As `preview` counts them, from the state and what it finds on the server."""
    state = exports.plain(play.secret_state())
    others = Inventory(Reader(NexusClient(exports.connection(state)))).foreign(exports.managed(state))
    return still(
        Counter(each.section for each in others), Preview.parse(document(Told(play, "preview").events.split("\n")))
    )


def report(play: Play, *arguments: str) -> str:
    return exported(play, "report", *arguments, given=json.dumps(play.secret_state()))


def test_what_is_not_declared_is_counted_by_kind_and_taken_over_by_name(theirs: Play) -> None:
    """In two steps by hand: paste what the report prints, and `up`."""
    for name in ("legacy-a", "legacy-b", "kept.apart"):
        post(theirs, "/v1/repositories/raw/hosted", raw(name))
    post(theirs, "/v1/repositories/raw/group", group("legacy-all", "legacy-b", "legacy-a"))
    theirs.store("legacy-a/a.txt", b"theirs")
    theirs.wanted["roles"] = {"equal": ROLE}
    theirs.up()
    theirs.wanted["roles"]["other"] = {"adopt": True}
    counts = undeclared(theirs)
    assert (counts["repositories"], counts["roles"]) == (8, 1)  # with the four that Nexus ships
    assert in_words(counts) == "8 repositories, 1 role"
    assert "  roles.given\n" in report(theirs)
    assert report(theirs, "roles.*") == "on the server and not in the stack:\n  roles.given\n  roles.other\n"
    with pytest.raises(AssertionError, match=r"KEY: matches nothing .* \(got repositories.x\*; allowed one of "):
        report(theirs, "repositories.x*")
    theirs.counted()
    printed = yaml.safe_load(report(theirs, "--as-yaml", "repositories.legacy-*", "roles.given"))
    assert list(printed["repositories"]) == ["legacy-a", "legacy-b", "legacy-all"]  # a group after its members
    assert not [line for line in theirs.counted() if "kept.apart" in line]
    for section, declared in printed.items():
        theirs.wanted[section] |= declared
    preview = Told(theirs, "preview")
    assert preview.progress.planned == "adopt 5, change 0"
    assert undeclared(theirs)["repositories"] == 5
    theirs.up()
    assert unchanged(theirs)
    assert live(theirs, "/v1/repositories/raw/group/legacy-all")["group"]["memberNames"] == ["legacy-b", "legacy-a"]
    assert theirs.send("GET", "/repository/legacy-a/a.txt").content == b"theirs"
