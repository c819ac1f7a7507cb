"""Random changes of a stack file beside objects of others: nothing that is stored is lost, nothing else touched.

After each `up`: every artifact that allowDataLoss does not name is served byte for byte; what the stack file does not
speak of is as it was, down to the settings that it leaves open of what it adopts; and nothing is left to change. A
preview that refuses has changed nothing, and what a preview has let through ends well.

On the stand-in, or on the server that NEXUS_URL names; how many sequences, SEQUENCES says. Pulumi's engine is played
in this process (engine.py), which makes hundreds of sequences possible; a few run by the real one.
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
    """The one that is played, or Pulumi's own."""

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
        self._judge(before, update, refresh=refresh)

    def _judge(self, before: Snapshot, update: Update, *, refresh: bool) -> None:
        allowed = self._wanted.get("allowDataLoss", ())
        for repository, path in list(self._world.artifacts):
            if repository in allowed:
                del self._world.artifacts[repository, path]
        assert self._world.lost() == []
        wrong = update.wronged(before, self._world.snapshot())
        assert not wrong, "\n".join(wrong)
        # What somebody has changed by hand is only seen, and put back, by an `up` that looks.
        assert self._engine.preview(self._wanted, refresh=refresh) == []


def _cause(refusal: str) -> str:
    return next((line for line in refusal.splitlines() if line.strip()), "")[:160]


@pytest.fixture
def world(elsewhere: Play) -> World:
    return World(elsewhere)


@pytest.fixture
def counted(capsys: pytest.CaptureFixture[str]) -> Iterator[Counter[str]]:
    found: Counter[str] = Counter()
    yield found
    with capsys.disabled():
        print("".join(f"\n{number:5} {what}" for what, number in found.most_common()))


def test_nothing_is_lost_or_touched_by_random_changes(world: World, counted: Counter[str]) -> None:
    environment = world.play.environment
    server = environment["NEXUS_URL"], Path(environment["NEXUS_CA"]), environment["NEXUS_ADDRESS"]
    played(world, lambda: InProcess(*server), counted, SEQUENCES or FEW)


def test_nor_by_those_that_pulumis_own_engine_applies(world: World, counted: Counter[str]) -> None:
    played(world, lambda: Pulumi(world.play), counted, SEQUENCES // 100 or 1)


def played(world: World, engine: Callable[[], Engine], counted: Counter[str], number: int) -> None:
    @settings(
        max_examples=number,
        derandomize=not SEQUENCES,
        database=None,
        phases=[Phase.generate],  # to shrink a sequence takes longer than to read it
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.data())
    def one(data: st.DataObject) -> None:
        Sequence(world, engine(), counted).play(data)

    one()
    assert counted["sequences"] >= number
