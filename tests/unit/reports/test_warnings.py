"""What a report warns of above its changes: loss of data, what users notice, policies."""

import json
from typing import Any

import pytest

from reports import events
from reports.markdown import report
from reports.preview import Preview
from tests.unit.reports.previews import preview, reported, repository, step


def test_removing_a_retained_volume_is_no_data_loss() -> None:
    volume = "docker:index/volume:Volume"
    gone = step("delete", "nexus-data", {"name": "v"}, None, volume)
    assert "> [!CAUTION]" in reported(gone)
    gone["oldState"]["retainOnDelete"] = True
    assert "> [!CAUTION]" not in reported(gone)
    assert "the volume itself is retained" in reported(gone)


def policy_event(level: str) -> dict[str, Any]:
    return {
        "resourceUrn": "urn:pulumi:staging::repository-store::docker:index/remoteImage:RemoteImage::nexus-image",
        "message": "Images are named by their digest.\nnexus3:3.95.2 can be another image tomorrow\n",
        "policyName": "image-by-digest",
        "enforcementLevel": level,
    }


def test_a_mandatory_violation_has_the_policys_message() -> None:
    document = preview(diagnostics=({"severity": "error", "message": "preview failed\n"},))
    text = report(
        Preview.parse({**document, "policies": [policy_event("mandatory"), policy_event("mandatory")]}), "staging"
    )
    assert "**1 policy violation forbids this.**" in text
    assert "> - `image-by-digest`: nexus3:3.95.2 can be another image tomorrow" in text
    assert "No changes" not in text


def test_an_advisory_violation_forbids_nothing() -> None:
    text = report(Preview.parse({**preview(), "policies": [policy_event("advisory")]}), "staging")
    assert "> [!NOTE]\n> **Policies advise against:**" in text
    assert "**No changes.**" in text


def test_an_event_log_gives_the_same_report_as_a_json_preview() -> None:
    signed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hunter2"}
    found = step("update", "x", repository("x", a=1, note=signed), repository("x", a=2, note=signed))
    metadata = {"op": "update", "urn": found["urn"], "old": found["oldState"], "new": found["newState"]}
    lines = [
        {"sequence": 1, "diagnosticEvent": {"severity": "debug", "message": "registering"}},
        {"sequence": 2, "resourcePreEvent": {"metadata": metadata}},
        {"sequence": 3, "policyEvent": policy_event("advisory")},
    ]
    streamed = report(Preview.parse(events.document(map(json.dumps, lines))))
    assert streamed == report(Preview.parse({**preview(found), "policies": [policy_event("advisory")]}))
    assert "hunter2" not in streamed


def test_an_object_that_stays_on_the_server_is_no_data_loss() -> None:
    assert "> [!CAUTION]" in reported(step("delete", "x", repository("x"), None))
    assert "> [!CAUTION]" not in reported(step("delete", "x", {**repository("x"), "onDelete": "keep"}, None))


ANONYMOUS = "pulumi-python:dynamic/nexus:AnonymousAccess"


def anonymous(enabled: bool, user: str = "anonymous") -> dict[str, Any]:
    return {"kind": "anonymous", "name": "anonymous", "body": {"enabled": enabled, "userId": user}}


@pytest.mark.parametrize(
    ("before", "after", "warning"),
    [
        (anonymous(False), anonymous(True), "everybody who reaches the store has the rights of the user anonymous"),
        (anonymous(True), anonymous(True, "guest"), "has the rights of the user guest"),
        (anonymous(True), anonymous(False), "requests without a login are refused from then on"),
    ],
)
def test_a_change_of_anonymous_access_is_a_warning_for_users(
    before: dict[str, Any], after: dict[str, Any], warning: str
) -> None:
    text = reported(step("update", "anonymous", before, after, ANONYMOUS))
    assert text.index("> [!WARNING]") < text.index(warning) < text.index("| Operation |")


def test_a_new_store_without_anonymous_access_needs_no_warning() -> None:
    assert "> [!" not in reported(step("create", "anonymous", None, anonymous(False), ANONYMOUS))
    opened = reported(step("create", "anonymous", None, anonymous(True), ANONYMOUS))
    assert "**This opens the store to others:**" in opened


@pytest.mark.parametrize("kind", ["User", "Password"])
def test_a_new_password_is_a_warning_for_users(kind: str) -> None:
    def login(password: str, name: str = "C") -> dict[str, Any]:
        return {"kind": kind.lower(), "name": "ci", "body": {"firstName": name, "password": password}}

    def changed(old: dict[str, Any], new: dict[str, Any]) -> str:
        return reported(step("update", "ci", old, new, f"pulumi-python:dynamic/nexus:{kind}"))

    assert "> - `ci` (login) gets another password: clients that still send the old one are refused" in changed(
        login("one"), login("two")
    )
    assert "another password" not in changed(login("one"), login("one", "D")).split("<details>")[0]
