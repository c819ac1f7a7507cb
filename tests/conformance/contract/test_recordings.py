"""The stand-in answers every recorded request like the real server."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.contract.conftest import RECORDINGS
from tests.conformance.contract.playing import Outcome, Player, load
from tests.conformance.contract.stand_in import CORE, RECORDED, running

DEPARTURES: dict[str, dict[int, str]] = yaml.safe_load((Path(__file__).parent / "departures.yaml").read_text())
OPTIONS = {"differential/scripts": ("--allow-scripts",)}  # of servers recorded with options
FILES = sorted(RECORDINGS.rglob("*.json"))


def name_of(file: Path) -> str:
    return file.relative_to(RECORDINGS).with_suffix("").as_posix()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_recording(file: Path, program: Path, tmp_path: Path, tally: dict[str, int]) -> None:
    scenario = load(file)
    expected = DEPARTURES.get(scenario["scenario"], {})
    with running(program, tmp_path, RECORDED, *CORE, *OPTIONS.get(scenario["scenario"], ())) as server:
        outcomes = Player(server, scenario).play()
    differing = [outcome for outcome in outcomes if outcome.difference]
    tally["recordings"] += 1
    tally["steps"] += len(outcomes)
    tally["held"] += len(outcomes) - len(differing)
    tally["departures"] += sum(outcome.number in expected for outcome in differing)
    unexpected = [side_by_side(outcome) for outcome in differing if outcome.number not in expected]
    assert not unexpected, f"{len(unexpected)} of {len(outcomes)} steps differ:\n\n" + "\n\n".join(unexpected[:5])
    stale = expected.keys() - {outcome.number for outcome in differing}
    assert not stale, f"steps {sorted(stale)} of {scenario['scenario']} hold now: remove them from departures.yaml"


def test_departures_name_recordings() -> None:
    unknown = DEPARTURES.keys() - {name_of(file) for file in FILES}
    assert not unknown, f"departures.yaml names recordings that do not exist: {sorted(unknown)}"


def side_by_side(outcome: Outcome) -> str:
    request, recorded, answer = outcome.step["request"], outcome.step["response"], outcome.answer
    query = "?" + request["query"] if request["query"] else ""
    lines = [
        f"step {outcome.number}: {request['method']} {request['path']}{query} as {request['headers'].get('auth')}",
        f"  note      {outcome.step['note']}",
        f"  sent      {show(request['body'])}",
        f"  recorded  {recorded['status']} {recorded['content_type']} {show(recorded['body'])}",
        f"  got       {answer['status']} {answer['content_type']} {show(answer['body'])}",
        f"  differs   {outcome.difference}",
    ]
    return "\n".join(lines)


def show(value: Any, limit: int = 600) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "..."
