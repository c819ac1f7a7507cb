"""The program that runs suites of other clients, on a suite of two tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.peers.results import compared, listed, parsed
from tests.conformance.peers.suites import SUITES, Suite, suite_of

_CLIENT = "github.com/datadrivers/go-nexus-client"
_TESTS = """
package peer

import ("net/http"; "os"; "testing")

func TestAnswers(t *testing.T) {
	request, _ := http.NewRequest("GET", os.Getenv("NEXUS_URL") + "/service/rest/v1/blobstores", nil)
	request.SetBasicAuth(os.Getenv("NEXUS_USERNAME"), os.Getenv("NEXUS_PASSWORD"))
	if answer, err := http.DefaultClient.Do(request); err != nil || answer.StatusCode != 200 { t.Fatal(answer, err) }
}

func TestFails(t *testing.T) { t.Run("inside", func(t *testing.T) { t.Fatal("no") }) }
"""
LISTED = """
{"Action":"output","Package":"peer/a","Output":"TestA\\n"}
{"Action":"output","Package":"peer/a","Output":"TestPanics\\n"}
{"Action":"output","Package":"peer/a","Output":"TestAfterwards\\n"}
{"Action":"output","Package":"peer/a","Output":"ok  \\tpeer/a\\t0.1s\\n"}
{"Action":"output","Package":"peer/b","Output":"TestA\\n"}
"""
PRINTED = """
{"Action":"run","Package":"peer/a","Test":"TestA"}
{"Action":"output","Package":"peer/a","Test":"TestA","Output":"..."}
{"Action":"fail","Package":"peer/a","Test":"TestA/inside"}
{"Action":"fail","Package":"peer/a","Test":"TestA"}
{"Action":"run","Package":"peer/a","Test":"TestPanics"}
{"Action":"fail","Package":"peer/a"}
{"Action":"run","Package":"peer/b","Test":"TestA"}
{"Action":"pass","Package":"peer/b","Test":"TestA"}
{"Action":"skip","Package":"peer","Test":"TestC"}
{"Action":"fail","Package":"peer/broken","FailedBuild":"peer/broken"}
"""


def test_a_suite_runs_on_its_own_server_on_each_release(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(f"module {_CLIENT}\n\ngo 1.21\n")
    (tmp_path / "peer_test.go").write_text(_TESTS)
    done = subprocess.run([sys.executable, "-m", "tests.conformance.peers", tmp_path], capture_output=True, text=True)
    assert done.returncode == 1
    counts = "1 passed, 1 failed, 0 unproven, 0 skipped, 0 not run of 2, 1 not expected\n  ..TestFails failed"
    for generation in SUITES[_CLIENT].generations:
        assert f"on {generation}: {counts}" in done.stdout


def test_the_output_of_go_is_parsed_by_package() -> None:
    assert parsed(PRINTED, "peer", listed(LISTED, "peer")).verdicts == {
        "a.TestA": "fail",
        "a.TestPanics": "fail",
        "a.TestAfterwards": "not run",
        "b.TestA": "pass",
        "..TestC": "skip",
        "broken": "fail",
    }


def test_an_expected_failure_that_passes_is_reported() -> None:
    expected = {"a.TestA": "known", "b.TestA": "why", "..TestC": "skipped where it cannot run"}
    assert compared(parsed(PRINTED, "peer"), expected) == [
        "a.TestPanics failed",
        "broken failed",
        "b.TestA passes; it is expected to fail: why",
    ]


def test_a_failure_can_belong_to_some_releases() -> None:
    suite = Suite("peer", ("3.90", "3.96"), "URL", expected={"a.TestA": "always", "b.TestA": {"3.96": "gone"}})
    assert suite.failing("3.90") == {"a.TestA": "always"}
    assert suite.failing("3.96") == {"a.TestA": "always", "b.TestA": "gone"}


def test_what_passes_without_the_service_that_it_is_about_is_no_proof() -> None:
    suite = Suite("peer", (), "URL", unproven={"[.]TestA$": "there is no S3"})
    assert suite.without_proof(parsed(PRINTED, "peer")) == ["b.TestA"]


def test_every_expected_failure_and_skipped_test_has_a_reason() -> None:
    for suite in SUITES.values():
        reasons = [*suite.left_out.values(), *suite.unproven.values()]
        reasons += [reason for generation in suite.generations for reason in suite.failing(generation).values()]
        assert all(reason.strip() for reason in reasons)
        assert all(suite.failing(generation) for generation in suite.generations)


@pytest.mark.parametrize(("text", "got"), [("module example.org/other\n", "example.org/other"), ("", "no go.mod")])
def test_a_checkout_of_an_unknown_module_is_refused(tmp_path: Path, text: str, got: str) -> None:
    if text:
        (tmp_path / "go.mod").write_text(text)
    with pytest.raises(ValueError, match="not a known suite") as found:
        suite_of(tmp_path)
    assert got in str(found.value)
