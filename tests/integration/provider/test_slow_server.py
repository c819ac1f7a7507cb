"""What `up` does on an external server that is slow, busy or restarted: docs/compatibility.md says it.

The server is the stand-in with faults. A real Nexus answers 503 while it starts or stops; here it does so
at any time.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.integration.provider.play import ADMIN, FIRST, Failed, Play
from tests.integration.provider.sequence import live, unchanged
from tests.support.ports import free_port
from tests.support.versions import NEWEST

ROLES = {f"role-{number}": {"privileges": ["nx-search-read"]} for number in range(20)}
TASKS = {
    f"task-{number}": {
        "type": "blobstore.compact",
        "frequency": {"schedule": "manual"},
        "properties": {"blobstoreName": "default"},
    }
    for number in range(5)
}


class Faulty:
    """A stack of an external server, and the address at which its faults are set."""

    def __init__(self, play: Play, faults: str) -> None:
        self.play, self._faults = play, faults

    def fault(self, **fault: object) -> None:
        requests.post(self._faults, json=fault, timeout=30).raise_for_status()

    def heal(self) -> None:
        requests.delete(self._faults, timeout=30).raise_for_status()

    def made(self) -> list[str]:
        """The names of what the test has declared, as often as the server has them."""
        entries = [*live(self.play, "/v1/security/roles"), *live(self.play, "/v1/tasks")["items"]]
        names = [str(each["name"]) for each in entries]
        return sorted(name for name in names if name in ROLES or name in TASKS)


@pytest.fixture
def faulty(playing: Callable[..., Play]) -> Iterator[Faulty]:
    port = free_port()
    address = f"127.0.0.1:{port}"
    with playing(NEWEST, "--faults", address) as play:
        play.external = play.attaches = True
        play.change_password(FIRST, ADMIN)
        yield Faulty(play, f"http://{address}")


def test_a_server_that_takes_three_seconds_for_each_answer_gets_all_of_it(faulty: Faulty) -> None:
    play = faulty.play
    play.wanted["roles"] = dict(list(ROLES.items())[:3])
    faulty.fault(kind="slow", path="^/service/rest", milliseconds=3000)
    play.preview("--refresh")
    play.up("--refresh")
    faulty.heal()
    assert faulty.made() == sorted(play.wanted["roles"])
    assert unchanged(play)


@pytest.mark.parametrize("method", ["", "POST"], ids=["any request", "only new objects"])
def test_a_server_that_answers_503_to_every_sixth_request_gets_all_of_it_once(faulty: Faulty, method: str) -> None:
    play = faulty.play
    play.wanted |= {"roles": ROLES, "tasks": TASKS}
    faulty.fault(kind="unavailable", path="^/service/rest", every=6, method=method)
    play.up("--refresh")
    assert unchanged(play)
    faulty.heal()
    assert faulty.made() == sorted([*ROLES, *TASKS])
    adopted = [each["outputs"]["name"] for each in resources(play) if each["outputs"].get("adopted")]
    assert adopted == []


def test_a_server_that_answers_503_for_long_ends_the_up_and_the_next_one_goes_on(faulty: Faulty) -> None:
    play = faulty.play
    play.wanted["roles"] = ROLES
    faulty.fault(kind="unavailable", path="^/service/rest", method="POST")
    with pytest.raises(Failed, match=r"answers 503 to POST /v1/security/roles: Nexus is down, starting or read-only"):
        play.up("--refresh")
    faulty.heal()
    assert faulty.made() == []
    play.up("--refresh")
    assert faulty.made() == sorted(ROLES)


def test_a_server_that_is_restarted_in_the_middle_of_an_up_ends_it_and_the_next_one_goes_on(faulty: Faulty) -> None:
    """The second `up` knows from the journal which objects are the stack's, although the state lacks some."""
    play, journal = faulty.play, {"REPOSITORY_STORE_JOURNAL": str(faulty.play.folder / "journal")}
    play.wanted |= {"roles": ROLES, "tasks": TASKS}
    faulty.fault(kind="slow", path="^/service/rest", method="POST", milliseconds=1000)
    play.counted()
    with ThreadPoolExecutor() as threads:
        running = threads.submit(play.up, "--refresh", **journal)
        while not any(line.startswith("POST /service/rest/v1/security/roles") for line in play.counted()):
            assert not running.done(), running.result()
            time.sleep(0.05)
        play.stop()
        with pytest.raises(Failed, match=r"does not answer|answer ended midway"):
            running.result()
    play.start()
    some = faulty.made()
    assert len(some) < len(ROLES) + len(TASKS)
    play.up("--refresh", **journal)
    assert faulty.made() == sorted([*ROLES, *TASKS])
    assert unchanged(play)
    play.destroy()
    assert faulty.made() == []


def resources(play: Play) -> list[dict[str, Any]]:
    return [each for each in play.state()["deployment"]["resources"] if "outputs" in each]
