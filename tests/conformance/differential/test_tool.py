"""The tool on two stand-ins: equal ones agree, and a difference becomes a short recording."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.contract.stand_in import CORE, RECORDED, binary, running
from tests.conformance.differential.__main__ import Tally, played
from tests.conformance.differential.areas import AREAS
from tests.conformance.differential.masking import Masking
from tests.conformance.differential.requesting import Step, step
from tests.conformance.differential.sequences import Match, Outcome, shrunk
from tests.conformance.differential.servers import Server
from tests.support.real_clients.running import ROOT

PASSWORD = "admin-differential"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEXUS_SECURITY_INITIAL_PASSWORD", PASSWORD)
    return binary()


def play(real: str, stand_in: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.conformance.differential", real, stand_in, *words]
    passwords = {"REAL_PASSWORD": PASSWORD, "STAND_IN_PASSWORD": PASSWORD}
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **passwords}, capture_output=True, text=True, check=False
    )


def test_two_equal_servers_agree_in_every_area(program: Path, tmp_path: Path) -> None:
    with (
        running(program, tmp_path / "a", RECORDED, *CORE, "--allow-scripts") as one,
        running(program, tmp_path / "b", RECORDED, *CORE, "--allow-scripts") as other,
    ):
        done = play(one.url, other.url, "--sequences", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{2 * len(AREAS)} of {2 * len(AREAS)} sequences agree" in done.stdout


def test_a_difference_is_shrunk_and_recorded(program: Path, tmp_path: Path) -> None:
    script = {"name": "x1", "type": "groovy", "content": "1"}
    steps = [step("GET", "script"), step("POST", "script", script), step("GET", "script/x2"), step("GET", "script/x1")]
    with (
        running(program, tmp_path / "a", RECORDED, *CORE, "--allow-scripts") as one,
        running(program, tmp_path / "b", RECORDED, *CORE) as other,
    ):
        match = Match(Server(one.url, PASSWORD), Server(other.url, PASSWORD))
        area = AREAS["scripts"]
        differing = [outcome for outcome in match.play(area, steps) if outcome.difference]
        short = shrunk(match, area, steps, differing[0].signature)
    assert differing[0].difference == "status: 204 became 410"
    assert short == [steps[1]]
    headers = {"x-content-type-options": "nosniff", "accept-ranges": None}
    assert differing[0].step["response"] == {"status": 204, "content_type": None, "headers": headers, "body": None}


def outcome(path: str, difference: str | None) -> Outcome:
    return Outcome({**step("GET", path), "response": {"status": 200}}, {"status": 200}, difference)


def test_differences_after_a_listed_departure_are_ignored() -> None:
    listed = outcome("security/users", 'body[0].message: `ApiUserStatus` from String "x": [locked] became [active]')
    other = outcome("blobstores", "status: 200 became 404")
    tally = Tally()
    tally.add([], [outcome("blobstores", None), listed, other])
    tally.add([], [other, listed])
    assert (tally.sequences, tally.agreed, tally.departed) == (2, 1, 1)
    assert list(tally.kinds) == [other.signature]


def test_an_answer_that_differs_in_its_body_only_counts_by_status_and_preparing_requests_do_not_count() -> None:
    same, other = ({"status": 200}, {"status": 404})
    steps = [step("GET", "search") for _ in range(3)]
    outcomes = [
        Outcome({**one, "response": same}, got, difference)
        for one, got, difference in zip(steps, (same, same, other), (None, "body: 1 became 2", "status"), strict=True)
    ]
    tally = Tally()
    tally.add(steps, [outcomes[0], *outcomes], prepared=1)
    assert (tally.steps, tally.held, tally.by_status) == (3, 1, 2)


def test_an_area_ends_at_its_time_limit() -> None:
    assert played(Match.__new__(Match), AREAS["roles"], 5, 1, 0).sequences == 0


def test_later_requests_use_values_of_answers_by_placeholders() -> None:
    masking = Masking("http://here")
    asked: Step = step("GET", "components")
    answer = {"items": [{"id": "abc", "url": "http://here/x", "lastModified": "2026-01-01T00:00:00.000+00:00"}]}
    masked = masking.answer(
        asked["request"]["path"], {"status": 200, "content_type": "application/json", "headers": {}, "body": answer}
    )
    assert masked["body"] == {"items": [{"id": "{id1}", "url": "{base}/x", "lastModified": "{timestamp}"}]}
    assert masking.filled("components/{id1}") == "components/abc"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [(["--areas", "cheese"], "AREAS: not known (got cheese;"), (["--sequences", "x"], "invalid int")],
)
def test_wrong_arguments_are_refused(words: list[str], complaint: str) -> None:
    done = play("http://127.0.0.1:9", "http://127.0.0.1:9", *words)
    assert done.returncode == 2
    assert complaint in done.stderr
