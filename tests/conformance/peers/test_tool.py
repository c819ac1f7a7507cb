"""The program that runs suites of other clients, on a suite of two tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.peers.results import compared, parsed
from tests.conformance.peers.suites import SUITES, suite_of

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
PRINTED = """
{"Action":"run","Test":"TestA"}
{"Action":"output","Test":"TestA","Output":"..."}
{"Action":"fail","Test":"TestA/inside"}
{"Action":"fail","Test":"TestA"}
{"Action":"pass","Test":"TestB"}
{"Action":"skip","Test":"TestC"}
{"Action":"fail","Package":"peer/broken","FailedBuild":"peer/broken"}
"""


def test_a_suite_runs_on_its_own_server(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(f"module {_CLIENT}\n\ngo 1.21\n")
    (tmp_path / "peer_test.go").write_text(_TESTS)
    done = subprocess.run([sys.executable, "-m", "tests.conformance.peers", tmp_path], capture_output=True, text=True)
    assert done.returncode == 1
    assert "1 passed, 1 failed of 2, 0 skipped, 1 not expected\n  TestFails failed" in done.stdout


def test_the_output_of_go_is_parsed() -> None:
    assert parsed(PRINTED).verdicts == {"TestA": "fail", "TestB": "pass", "TestC": "skip", "peer/broken": "fail"}


def test_an_expected_failure_that_passes_is_reported() -> None:
    expected = {"TestA": "known", "TestB": "why", "TestC": "skipped where it cannot run"}
    assert compared(parsed(PRINTED), expected) == [
        "peer/broken failed",
        "TestB passes; it is expected to fail: why",
    ]


def test_every_expected_failure_and_skipped_test_has_a_reason() -> None:
    for suite in SUITES.values():
        assert all(reason.strip() for reason in (*suite.expected.values(), *suite.left_out.values()))


@pytest.mark.parametrize(("text", "got"), [("module example.org/other\n", "example.org/other"), ("", "no go.mod")])
def test_a_checkout_of_an_unknown_module_is_refused(tmp_path: Path, text: str, got: str) -> None:
    if text:
        (tmp_path / "go.mod").write_text(text)
    with pytest.raises(ValueError, match="not a known suite") as found:
        suite_of(tmp_path)
    assert got in str(found.value)
