"""The tool itself, without a server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexus import schema
from stacks.settings import Settings
from tests.conformance.acceptance.pulumi import Operation, Run, run
from tests.conformance.acceptance.samples import NOT_TRIED, PASSWORDS, of_repositories, of_the_rest, without
from tests.conformance.acceptance.subjects import Subject, first_of_each, lacking, subjects
from tests.conformance.acceptance.summary import REPORT, summary
from tests.conformance.acceptance.table import PASSED, STAGES, Closed, Table
from tests.integration.provider.play import ROOT, Failed
from tests.integration.provider.samples import combinations
from tests.support.versions import NEWEST

BASE: dict[str, Any] = {
    "hostname": "nexus.provider.test",
    "passwords": {"admin": "the-admin-password", **PASSWORDS},
    "nexus": {"generation": NEWEST},
}
STACKS = [{**BASE, **of_repositories({f"{f}/{t}" for f, t in combinations()})}, {**BASE, **of_the_rest()}]
SUBJECTS = [
    (wanted, subject)
    for wanted, repositories in zip(STACKS, (True, False), strict=True)
    for subject in first_of_each(subjects(wanted))
    if (subject.declaration.kind == "repository") is repositories
]


def test_every_request_of_the_api_is_tried_or_has_a_reason_not_to_be() -> None:
    tried = {subject.label for _, subject in SUBJECTS}
    assert tried | set(NOT_TRIED) == set(schema.requests())
    assert not tried & set(NOT_TRIED)


@pytest.mark.parametrize(("wanted", "subject"), [pytest.param(w, s, id=s.label) for w, s in SUBJECTS])
def test_every_field_has_another_valid_value(wanted: dict[str, Any], subject: Subject) -> None:
    reasons: dict[str, str] = {}
    for change in subject.changes(subject.declaration.body, reasons):
        Settings.of(subject.changed(wanted, change), ROOT / "stacks")
    assert "since nothing says another value" not in reasons.values()


def test_leaving_out_an_object_keeps_the_others() -> None:
    wanted = {"roles": {"a": {}, "b": {}}, "email": {"port": 25}, "realms": ["A"]}
    assert without(wanted, {("roles", "a")}) == {"roles": {"b": {}}, "email": {"port": 25}, "realms": ["A"]}
    assert without(wanted, {("email", "email")}) == {"roles": {"a": {}, "b": {}}, "realms": ["A"]}


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        ({"/v1/tasks": {"get": {}, "post": {}}}, ""),
        ({"/v1/tasks": {"get": {}}}, "the server takes none over its API"),
        ({}, "the server has none"),
    ],
)
def test_unsupported_objects_follow_from_the_servers_document(paths: dict[str, Any], reason: str) -> None:
    (task,) = [subject for _, subject in SUBJECTS if subject.label == "task"]
    assert lacking({"paths": paths}, task) == reason


def table() -> Table:
    made = Table("Nexus/3.77.0-08 (OSS)", "2026-11-26")
    made.expect("role")
    made.expect("email")
    made.expect("task", "the server has none")
    for stage in STAGES:
        made.note("role", stage)
    return made


def test_failed_and_unreached_stages_are_counted() -> None:
    made = table()
    assert made.faults == len(STAGES)  # of email, which was not reached
    for stage in STAGES:
        made.note("email", stage)
    assert made.faults == 0
    made.note("email", "drift", "port: a | b\n  c")
    made.note("email", "drift", "another")
    assert made.faults == 1
    assert made.rows["email"].stages["drift"] == "port: a | b c"
    assert "| email | passed | passed | passed | port: a \\| b c | passed | passed | 0, 0 |" in made.markdown()


def test_untried_requests_and_fields_are_listed_with_their_reason() -> None:
    made = table()
    made.rows["role"].left_out["id"] = "since it is what the object is known by"
    text = made.markdown()
    assert "- the server has none: task" in text
    assert "- `id` was not changed, since it is what the object is known by: role" in text
    assert "| task" not in text


def test_what_gets_to_a_closed_path_through_nginx_is_a_fault() -> None:
    made, before = table(), table().faults
    made.closed["spellings"] = Closed(90, 30)
    assert made.faults == before
    assert "- spellings get to a closed path: 30 of 90 straight to the core, through nginx 0" in made.markdown()
    made.closed["spellings"].through.append("GET /a;/b HTTP/1.1")
    assert made.faults == before + 1
    assert "\n    - `GET /a;/b HTTP/1.1`" in made.markdown()


def test_a_report_can_be_read_back() -> None:
    made = table()
    made.closed["spellings"] = Closed(90, 30)
    assert Table.read(made.text()) == made
    assert json.loads(table().text())["rows"]["role"]["stages"]["create"] == PASSED


class _Playing:
    """Fakes a Pulumi that writes these events."""

    def __init__(self, folder: Path, events: list[dict[str, Any]], failure: str = "") -> None:
        self.folder, self._events, self._failure = folder, events, failure

    def pulumi(self, *arguments: str, **_: str) -> str:
        log = Path(arguments[arguments.index("--event-log") + 1])
        log.write_text("\n".join(json.dumps(event) for event in self._events))
        if self._failure:
            raise Failed(self._failure)
        return ""


def event(word: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    sides = {
        side: {"inputs": {"kind": "email", "name": "email", "body": body}}
        for side, body in (("old", old), ("new", new))
        if body is not None
    }
    metadata = {"op": word, "urn": "urn:pulumi:test::p::x::email", "type": "pulumi-python:dynamic:Resource", **sides}
    return {"resourcePreEvent": {"metadata": metadata}}


def played(folder: Path, *events: dict[str, Any], failure: str = "") -> Run:
    return run(_Playing(folder, list(events), failure), "up")  # type: ignore[arg-type]


def test_an_update_names_the_differing_fields(tmp_path: Path) -> None:
    done = played(tmp_path, event("refresh", {"port": 1}, {"port": 1}), event("update", {"port": 1}, {"port": 2}))
    assert done.operations == {("email", "email"): Operation("update", frozenset({"port"}))}
    assert str(done.operations["email", "email"]) == "update of port"


def test_a_failure_belongs_to_the_object_that_it_names(tmp_path: Path) -> None:
    message = {"diagnosticEvent": {"severity": "error", "message": "email.port: has a problem", "urn": "x"}}
    done = played(tmp_path, message, failure="error: email.port: has a problem")
    assert done.failure
    assert "has a problem" in done.faults(("email", "email"), "email")
    assert not done.faults(("role", "reader"), "roles.reader")


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key != "NEXUS_PASSWORD"}
    return subprocess.run(
        [sys.executable, "-m", "tests.conformance.acceptance", *words],
        cwd=ROOT,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_changed_without_confirmation(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    words = ("https://nexus.domain.test", "--ca", str(tmp_path / "ca.pem"), "--report", str(tmp_path / "report"))
    done = command(*words, NEXUS_PASSWORD="secret")
    assert done.returncode == 1
    assert "Every repository, user, role and setting of https://nexus.domain.test" in done.stdout
    assert "nothing was touched: YES=1 says that the server may be emptied" in done.stdout
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(
    ("words", "environment", "complaint"),
    [
        ([], {"NEXUS_PASSWORD": "x"}, "URL: is not served with TLS (got ''; allowed https://HOST[:PORT])"),
        (["https://nexus.domain.test", "--image", "a:1"], {}, "URL and IMAGE: one of them"),
        (["http://nexus.domain.test", "--ca", __file__], {"NEXUS_PASSWORD": "x"}, "URL: is not served with TLS"),
        (["https://nexus.domain.test", "--ca", "/nowhere"], {"NEXUS_PASSWORD": "x"}, "CA: is no file"),
        (["https://nexus.domain.test", "--ca", __file__], {}, "NEXUS_PASSWORD is missing"),
        (
            ["https://nexus.domain.test", "--ca", __file__, "--only", "cheese"],
            {"NEXUS_PASSWORD": "x"},
            "ONLY: no request is called so (got cheese;",
        ),
    ],
)
def test_wrong_arguments_are_refused(words: list[str], environment: dict[str, str], complaint: str) -> None:
    done = command(*words, **environment)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_the_summary_has_the_evidence_for_each_request_by_kind() -> None:
    made = table()
    for stage in STAGES:
        made.note("email", stage)
    made.rows["role"].changed, made.rows["role"].drifted = ["name", "description"], ["name"]
    made.expect("blobStore/s3", "needs a bucket of a cloud")
    made.expect("eula", "is accepted once and for all")
    text = summary(made)
    verified = "verified on a real server | Nexus/3.77.0-08 (OSS), 2026-11-26"
    assert f"| role | {verified}; fields changed one by one: 2, by hand: 1 |" in text
    assert "| task | checked against the published API | tests/conformance/stand_in |" in text
    assert "| blobStore: s3 | assumed |" in text
    assert "| eula | checked against recordings |" in text
    assert text.endswith(
        "5 requests of the API: 2 verified on a real server, 1 checked against recordings, "
        "1 checked against the published API, 1 assumed; 0 unexplained.\n"
    )


def test_failed_requests_are_not_verified() -> None:
    made = table()
    assert "| email, task | checked against the published API | tests/conformance/stand_in |" in summary(made)
    assert f"; {len(STAGES)} unexplained.\n" in summary(made)


def test_the_docs_have_the_table_of_the_committed_report() -> None:
    kept = Table.read(REPORT.read_text())
    assert set(kept.rows) == set(schema.requests())
    assert summary(kept) in (ROOT / "docs" / "compatibility.md").read_text()
