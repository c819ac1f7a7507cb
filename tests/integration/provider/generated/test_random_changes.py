"""Random changes of a stack file on a server with objects of others lose no content and touch nothing else.

After each `up`, every artifact is served byte for byte unless allowDataLoss names its repository, everything undeclared
is unchanged, including undeclared settings of adopted objects, and another preview is empty. A refused preview has
changed nothing, and an update whose preview passed succeeds.

Runs on the stand-in, or on the server in NEXUS_URL, with as many sequences as SEQUENCES says. A fake of Pulumi's engine
(engine.py) makes hundreds of sequences possible; a few run with the real one.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.integration.provider.generated.changes import by_hand, edited, first
from tests.integration.provider.generated.engine import InProcess, Pulumi
from tests.integration.provider.generated.world import Snapshot, Update, World
from tests.integration.provider.play import ADMIN, Failed, Play
from tests.integration.provider.tls import HOSTNAME

SEQUENCES = int(os.environ.get("SEQUENCES", "0"))
FEW = 8
MOST_UPS = 4
BASE: dict[str, Any] = {"hostname": HOSTNAME, "passwords": {"admin": ADMIN}, "nexus": {"generation": "3.77"}}


class Engine(Protocol):
    """The fake engine, or Pulumi's own."""

    def preview(self, wanted: dict[str, Any], *, refresh: bool) -> list[str]: ...

    def up(self, wanted: dict[str, Any], *, refresh: bool, order: int) -> list[str]: ...

    def managed(self) -> dict[tuple[str, str], bool]: ...


class Sequence:
    """One stack on one server, from a first `up` to the last."""

    def __init__(self, world: World, engine: Engine, counted: Counter[str]) -> None:
        self._world, self._engine, self._counted = world, engine, counted
        self._wanted = dict(BASE)

    def play(self, data: st.DataObject) -> None:
        self._world.reset()
        self._round(data, first(self._wanted))
        for _ in range(data.draw(st.integers(1, MOST_UPS - 1))):
            self._round(data, edited(self._wanted))
        self._counted["sequences"] += 1

    def _round(self, data: st.DataObject, edit: st.SearchStrategy[dict[str, Any]]) -> None:
        for _ in range(data.draw(st.integers(0, 2))):
            data.draw(by_hand(self._world))()
        wanted = data.draw(edit)
        refresh = data.draw(st.sampled_from([True, True, False]))
        before = self._world.snapshot()
        try:
            self._engine.preview(wanted, refresh=refresh)
        except Failed as refusal:
            self._counted["refused"] += 1
            self._counted[f"refused: {_cause(str(refusal))}"] += 1
            assert self._world.snapshot() == before
            return
        update = Update(self._wanted, wanted, self._engine.managed())
        done = self._engine.up(wanted, refresh=refresh, order=data.draw(st.integers(0, 99)))
        self._counted.update(step.partition(" ")[0] for step in done)
        self._counted["ups"] += 1
        self._wanted = wanted
        self._check(before, update, refresh=refresh)

    def _check(self, before: Snapshot, update: Update, *, refresh: bool) -> None:
        allowed = self._wanted.get("allowDataLoss", ())
        for repository, path in list(self._world.artifacts):
            if repository in allowed:
                del self._world.artifacts[repository, path]
        assert self._world.lost() == []
        wrong = update.wronged(before, self._world.snapshot())
        assert not wrong, "\n".join(wrong)
        # Only an `up` with refresh finds and reverts manual changes.
        assert self._engine.preview(self._wanted, refresh=refresh) == []


def _cause(refusal: str) -> str:
    return next((line for line in refusal.splitlines() if line.strip()), "")[:160]


@pytest.fixture
def world(external: Play) -> World:
    return World(external)


@pytest.fixture
def counted(capsys: pytest.CaptureFixture[str]) -> Iterator[Counter[str]]:
    found: Counter[str] = Counter()
    yield found
    with capsys.disabled():
        print("".join(f"\n{number:5} {what}" for what, number in found.most_common()))


def test_random_changes_lose_no_content_and_touch_nothing_else(world: World, counted: Counter[str]) -> None:
    environment = world.play.environment
    server = environment["NEXUS_URL"], Path(environment["NEXUS_CA"]), environment["NEXUS_ADDRESS"]
    played(world, lambda: InProcess(*server), counted, SEQUENCES or FEW)


def test_random_changes_by_pulumis_own_engine_do_neither(world: World, counted: Counter[str]) -> None:
    played(world, lambda: Pulumi(world.play), counted, SEQUENCES // 100 or 1)


def played(world: World, engine: Callable[[], Engine], counted: Counter[str], number: int) -> None:
    @settings(
        max_examples=number,
        derandomize=not SEQUENCES,
        database=None,
        phases=[Phase.generate],  # shrinking a sequence takes longer than reading it
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.data())
    def one(data: st.DataObject) -> None:
        Sequence(world, engine(), counted).play(data)

    one()
    assert counted["sequences"] >= number
