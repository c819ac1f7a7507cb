"""An adopted object that somebody has deleted is made again and stays adopted: `down` leaves it on the server.

One stack adopts a sample of every kind from a stand-in that others run, and loses all of them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from exports import state as states
from nexus.http.client import NexusClient
from nexus.kinds import KINDS
from nexus.model import Ref
from nexus.objects.objects import Objects
from stacks.topology.sections import MANY
from tests.integration.provider.play import ADMIN, FIRST, Failed, Play
from tests.integration.provider.samples import everything_else


def adopted(topology: dict[str, Any]) -> dict[str, Any]:
    return {
        section: {name: {**body, "adopt": True} for name, body in given.items()} if section in MANY else given
        for section, given in topology.items()
    }


def objects_of(play: Play) -> list[dict[str, Any]]:
    """The outputs of what can be adopted, in the order in which it was made."""
    found = states.objects_of(states.plain(play.secret_state()))
    return [each for each in found if KINDS[each["kind"]].is_collection]


def server(play: Play) -> Objects:
    return Objects(NexusClient(states.connection(states.plain(play.secret_state()))))


def there(play: Play, objects: list[dict[str, Any]]) -> set[str]:
    on_server = server(play)
    return {str(ref) for each in objects if on_server.live(ref := Ref.of({**each, "serverId": ""})) is not None}


@pytest.fixture(scope="module")
def theirs(playing: Callable[..., Play]) -> Iterator[Play]:
    with playing() as play:
        play.external = play.attaches = True
        play.change_password(FIRST, ADMIN)
        sample = everything_else()
        del sample["oauth2Users"]  # the API deletes none
        play.wanted |= sample
        play.up()
        play.pulumi("stack", "rm", "--force", "--yes", "--stack", "test")
        play.pulumi("stack", "init", "test")
        play.wanted |= adopted(sample)
        play.up()
        yield play


def test_all_that_was_deleted_by_hand_is_made_again_and_stays_adopted(theirs: Play) -> None:
    before = objects_of(theirs)
    names = {str(Ref.of(each)) for each in before}
    assert {each["kind"] for each in before} >= {"repository", "blobStore", "role", "user", "privilege", "task"}
    assert all(each["adopted"] for each in before)
    on_server = server(theirs)
    for each in reversed(before):
        on_server.delete(Ref.of(each))
    assert there(theirs, before) == set()
    assert "create" not in theirs.preview("--refresh")
    theirs.pulumi("refresh", "--yes", "--stack", "test")  # a state that has all of it as gone
    output = theirs.up("--refresh")
    assert len(re.findall(r"updated \([\d.]+s\) \[diff: -gone\]", output)) == len(before), output
    assert there(theirs, before) == names
    after = objects_of(theirs)
    assert all(each["adopted"] and "gone" not in each for each in after)
    assert "unchanged" in theirs.preview("--refresh", "--expect-no-changes")


def test_what_is_not_declared_enough_for_a_new_one_is_refused_at_preview(theirs: Play) -> None:
    kept, proxy = theirs.wanted["repositories"], "sample-proxy"
    theirs.wanted["repositories"] = {**kept, proxy: {"format": "raw", "type": "proxy", "adopt": True}}
    theirs.up()
    made = theirs.ask("GET", f"/v1/repositories/raw/proxy/{proxy}").json()
    server(theirs).delete(Ref("repository", proxy, "raw", "proxy"))
    with pytest.raises(Failed, match=r"is not on the server, so proxy\.remoteUrl is required\. Fix: declare proxy"):
        theirs.preview("--refresh")
    theirs.ask("POST", "/v1/repositories/raw/proxy", made).raise_for_status()
    theirs.wanted["repositories"] = kept
    theirs.up("--refresh")  # the role lost the privileges of the deleted repository
    assert "unchanged" in theirs.preview("--refresh", "--expect-no-changes")


def test_down_leaves_all_of_it_there(theirs: Play) -> None:
    before = objects_of(theirs)
    client = server(theirs)
    theirs.destroy()
    kept = {str(ref) for each in before if client.live(ref := Ref.of({**each, "serverId": ""})) is not None}
    assert kept == {str(Ref.of(each)) for each in before}
