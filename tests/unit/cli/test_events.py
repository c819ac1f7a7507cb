"""The output of a deployment for people, from Pulumi's events."""

import io
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.events.event import Message, Phase, Step, Summary, Violation, parse
from cli.events.log import EventLog
from cli.events.progress import Progress
from cli.events.reasons import reasons, violations
from cli.events.view import View, view

URN = "urn:pulumi:local::repository-store::"
NGINX = f"{URN}repository-store:components:NginxProxy$docker:index/container:Container::nginx"
STACK = f"{URN}pulumi:pulumi:Stack::repository-store-local"
TAKEN = "Unable to start container: Error response from daemon: bind: address already in use"


def step(phase: str, operation: str, urn: str, **more: Any) -> str:
    kind = urn.split("::")[2].split("$")[-1]
    return json.dumps({"sequence": 1, phase: {"metadata": {"op": operation, "urn": urn, "type": kind, **more}}})


def diagnostic(severity: str, message: str, urn: str = "", **more: Any) -> str:
    return json.dumps({"diagnosticEvent": {"severity": severity, "message": message, "urn": urn, **more}})


def test_only_needed_events_are_parsed() -> None:
    outputs = {"url": "https://a", "password": {"4dabf18193072939515e22adb298388d": "1b", "ciphertext": "[secret]"}}
    done = parse(step("resOutputsEvent", "create", STACK, new={"outputs": outputs}))
    assert done == Step(
        Phase.DONE, "create", STACK, "pulumi:pulumi:Stack", {"url": "https://a", "password": "[secret]"}
    )
    begun = parse(step("resourcePreEvent", "update", NGINX))
    assert isinstance(begun, Step)
    assert (begun.phase, begun.name) == (Phase.BEGUN, "nginx")
    assert parse(diagnostic("info", "waiting\n", NGINX, ephemeral=True)) == Message("info", "waiting", NGINX, True)
    assert parse(json.dumps({"summaryEvent": {"resourceChanges": {"same": 3}}})) == Summary({"same": 3})
    assert parse(json.dumps({"cancelEvent": {}})) is None
    found = {"policyName": "p", "resourceUrn": NGINX, "message": "About it.\nNot so.", "enforcementLevel": "mandatory"}
    assert parse(json.dumps({"policyEvent": found})) == Violation("p", NGINX, "Not so.", True)


def test_one_cause_is_one_reason_with_all_its_resources() -> None:
    messages = [
        Message("error", f"sdk-v2/provider2.go:571: sdk.helper_schema: {TAKEN}: provider=docker@5.2.0", NGINX),
        Message("error", f"creating {NGINX}: 1 error occurred:\n\t* {TAKEN}\n\n", NGINX),
        Message("error", "update failed", STACK),
        Message("warning", "something else"),
    ]
    assert reasons(messages) == [f"{TAKEN} (container nginx)"]
    roles = [f"{URN}pulumi-python:dynamic/nexus:Role::role-{letter}" for letter in "abcdefghijk"]
    random.shuffle(roles)  # objects fail in any order
    same = [Message("error", "Nexus does not answer", role) for role in roles]
    assert reasons(same) == ["Nexus does not answer (Role a, Role b, Role c and 8 more)"]
    assert reasons([Message("error", "hostname: invalid value (got 'X'", STACK)]) == [
        "hostname: invalid value (got 'X'"
    ]


def test_what_was_only_cancelled_is_no_reason() -> None:
    canceled = Message("error", "reading the image: context canceled", NGINX)
    both = Message("error", f"{TAKEN}\ncontext canceled", NGINX)
    assert reasons([canceled, both]) == [f"{TAKEN} (container nginx)"]
    assert reasons([canceled]) == ["reading the image: context canceled (container nginx)"]


def test_mandatory_violations_come_before_advisory_ones() -> None:
    found = [Violation("later", NGINX, "Better not.", False), Violation("first", NGINX, "Not so.", True)]
    assert (
        violations([*found, *found])
        == violations(found[::-1])
        == [
            "[mandatory]  first: Not so. (container nginx)",
            "[advisory]  later: Better not. (container nginx)",
        ]
    )


def progress(*lines: str) -> Progress:
    found = Progress()
    for line in lines:
        event = parse(line)
        assert event is not None
        found.take(event)
    return found


def test_the_expected_steps_come_from_the_refresh_or_the_preview() -> None:
    refreshed = [step("resourcePreEvent", "refresh", urn) for urn in (STACK, NGINX)]
    same = [step(phase, "same", NGINX) for phase in ("resourcePreEvent", "resOutputsEvent")]
    assert progress(*refreshed, *same).of_total() == "1 of 2"
    planned = progress(*(step("resourcePreEvent", "create", f"{NGINX}-{number}") for number in range(7)))
    planned.preview_ended()
    assert planned.of_total() == "0 of 7"
    planned.take(Step(Phase.BEGUN, "create", NGINX, "docker:index/container:Container"))
    planned.take(Message("info", "Nexus is starting, 9 s left", NGINX, is_status=True))
    assert (planned.status, list(planned.running)) == ("Nexus is starting, 9 s left", [NGINX])
    planned.take(Step(Phase.DONE, "create", NGINX, "docker:index/container:Container"))
    assert (planned.of_total(), planned.status, planned.done_in_words()) == ("1 of 7", "", "created 1")


def lines(view: View, found: Progress, *events: str) -> None:
    for line in events:
        event = parse(line)
        assert event is not None
        found.take(event)
        view.show(event)
    view.end(found)


def test_an_unchanged_deployment_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    both = [(phase, urn) for urn in (STACK, NGINX) for phase in ("resourcePreEvent", "resOutputsEvent")]
    lines(View("up", milestones=False), Progress(), *(step(phase, "same", urn) for phase, urn in both))
    assert capsys.readouterr().err == "up: nothing to change, 2 resources checked (0 s)\n"


def test_a_preview_whose_counts_were_not_read_is_not_shown_as_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    shown = View("up", milestones=True)
    shown.planned(Progress())
    assert capsys.readouterr().err == ""
    shown.planned(
        progress(
            step("resourcePreEvent", "same", NGINX), json.dumps({"summaryEvent": {"resourceChanges": {"same": 7}}})
        )
    )
    assert capsys.readouterr().err == "up: nothing to change\n"


def test_the_first_deployment_prints_what_it_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    objects = [f"{URN}pulumi-python:dynamic/nexus:Repository::raw-{number}" for number in range(50)]
    events = [step("resOutputsEvent", "create", urn) for urn in (NGINX, *objects)]
    lines(
        View("up", milestones=True),
        Progress(),
        diagnostic("info", "Mind this.\n"),
        diagnostic("info", "Mind this.\n"),
        *events,
    )
    assert capsys.readouterr().err == "Mind this.\ncreated container nginx\nup: created 51 (0 s)\n"


@pytest.mark.parametrize(
    "status", [False, True], ids=["as the plugin of the lab once did", "as the published plugin does"]
)
def test_what_a_script_says_is_shown_once_and_its_countdown_only_while_it_lasts(
    capsys: pytest.CaptureFixture[str], status: bool
) -> None:
    """The published command plugin logs lines as status messages (pulumi-command 1.2.1, util.LogOutput)."""
    script = "urn:pulumi:local::repository-store::command:local:Command::blob-store-files"
    says = diagnostic("info", "blob store a: its 2 files stay", script, ephemeral=status)
    countdown = diagnostic("info", "Nexus is starting (answer: none), 9 s left", script, ephemeral=True)
    other = diagnostic("info", "pulling", NGINX, ephemeral=True)
    lines(View("up", milestones=False), Progress(), says, countdown, says, other)
    printed = capsys.readouterr().err.splitlines()
    assert printed[:-1] == ["blob store a: its 2 files stay"]


def test_of_many_changes_the_first_are_named_and_the_rest_counted(capsys: pytest.CaptureFixture[str]) -> None:
    objects = [f"{URN}pulumi-python:dynamic/nexus:Repository::raw-{number}" for number in range(50)]
    lines(View("up", milestones=False), Progress(), *(step("resOutputsEvent", "update", urn) for urn in objects))
    printed = capsys.readouterr().err.splitlines()
    assert printed[0] == "updated Repository raw-0"
    assert printed[-1] == "up: updated 50 (0 s)"
    assert len(printed) < 20


def test_the_log_is_followed_although_it_is_truncated_before_the_update() -> None:
    log = EventLog()
    with Path(log.path).open("wb", buffering=0) as pulumi:
        pulumi.write(
            step("resourcePreEvent", "create", NGINX).encode() + b"\n" + diagnostic("info", "half").encode()[:9]
        )
        (first,) = log.new()
        assert isinstance(first, Step)
        pulumi.write(diagnostic("info", "half").encode()[9:] + b"\n")
        assert list(log.new()) == [Message("info", "half")]
    Path(log.path).write_bytes(diagnostic("info", "now").encode() + b"\n")
    assert list(log.new()) == [None, Message("info", "now")]
    log.close()


def test_up_says_that_clients_need_a_new_ca_and_names_helpers_by_what_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    authority = f"{URN}repository-store:components:TlsKeyPair$tls:index/selfSignedCert:SelfSignedCert::ca"
    load = f"{URN}repository-store:components:NginxProxy$command:local:Command::nginx-load"
    files = f"{URN}repository-store:components:RepositoryTopology$command:local:Command::tools-files"
    done = [
        step("resOutputsEvent", "create-replacement", authority),
        step("resOutputsEvent", "create", files),
        step("resOutputsEvent", "update", load),
    ]
    lines(View("up", milestones=False), Progress(), *done)
    assert capsys.readouterr().err.splitlines()[:-1] == [
        "replaced certificate authority ca",
        "every client needs the new CA (docs/ca-rotation.md)",
        "updated configuration of nginx",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", ["NO_COLOR", ""])
def test_what_is_taken_away_is_red_on_a_terminal_that_wants_colours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if name:
        monkeypatch.setenv(name, "1")
    screen, errors = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", errors)
    URN_GONE = f"{URN}pulumi-python:dynamic/nexus:Repository::gone"
    with view("down", milestones=False) as shown:
        shown.result(["delete Repository gone", "create Repository new", "replace container nginx"])
        for event in (step("resOutputsEvent", "delete", URN_GONE), step("resOutputsEvent", "create", NGINX)):
            parsed = parse(event)
            assert parsed is not None
            shown.show(parsed)
    red = "" if name else "\033[31m"
    end = "" if name else "\033[0m"
    assert screen.getvalue().splitlines() == [
        f"{red}delete Repository gone{end}",
        "create Repository new",
        f"{red}replace container nginx{end}",
    ]
    assert f"{red}deleted Repository gone{end}" in errors.getvalue()
    assert "\ncreated container nginx" in errors.getvalue().replace("\r", "\n").replace("\033[2K", "")


def taken_by(*steps: Step) -> Progress:
    progress = Progress()
    for each in steps:
        progress.take(each)
    return progress


CONTAINER = "docker:index/container:Container"
REMOVED = Step(Phase.DONE, "delete-replaced", NGINX, CONTAINER)


def test_a_failed_run_says_what_was_applied_and_what_not() -> None:
    created = Step(Phase.DONE, "create", f"{URN}nexus:Role::role", "nexus:Role")
    again = Step(Phase.DONE, "create-replacement", NGINX, CONTAINER)
    failed = Step(Phase.FAILED, "create-replacement", NGINX, CONTAINER)
    other = Step(Phase.FAILED, "update", f"{URN}nexus:Role::other", "nexus:Role")
    assert taken_by().applied() == "nothing was applied"
    assert taken_by(other).applied() == "nothing was applied, 1 failed"
    assert taken_by(created, other).applied() == "applied: created 1; not applied: 1 failed, what had not begun"
    assert taken_by(REMOVED, failed).applied() == (
        "applied: container nginx removed and not made again; not applied: what had not begun"
    )
    assert taken_by(REMOVED, again).applied() == "applied: replaced 1; not applied: what had not begun"
    assert taken_by(again, REMOVED).applied() == "applied: replaced 1; not applied: what had not begun"


ROLE = f"{URN}pulumi-python:dynamic/nexus:Role::role-a"
REFUSED = "role a: is on the server already and differs in description. Fix: set `adopt: true` there to take it over"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"pulumi-python:dynamic/nexus:Role resource 'role-a' has a problem: {REFUSED}", REFUSED),
        (
            "pulumi-python:dynamic/nexus:Role resource 'role-a': property body value "
            f"{{map[description:{{two\nlines}} password:{{hunter2}}]}} has a problem: {REFUSED}",
            REFUSED,
        ),
        (
            "pulumi-python:dynamic/nexus:Role resource 'role-a': property body.proxy.remoteUrl value {<nil>} "
            "has a problem: invalid URL (got x; allowed http:// or https://)",
            "proxy.remoteUrl: invalid URL (got x; allowed http:// or https://)",
        ),
    ],
    ids=["the whole resource", "the whole body", "a field"],
)
def test_a_refusal_of_the_provider_is_one_line_without_the_values_of_its_resource(text: str, shown: str) -> None:
    """The frames are those of Pulumi 3.256: GetResourceInvalidError, GetResourcePropertyInvalidValueError."""
    assert reasons([Message("error", f"<{{%reset%}}>{text}<{{%reset%}}>\n", ROLE)]) == [f"{shown} (Role a)"]


def objects(phase: str, operation: str, count: int, name: str = "", **inputs: Any) -> list[str]:
    state = {"new" if operation == "create" else "old": {"inputs": {"kind": "role", **inputs}}}
    return [step(phase, operation, f"{ROLE}{name or operation}{number}", **state) for number in range(count)]


SUMMARY = json.dumps({"summaryEvent": {"resourceChanges": {"create": 60}}})


def test_what_is_taken_over_is_adopted_and_not_created(capsys: pytest.CaptureFixture[str]) -> None:
    differs = objects("resourcePreEvent", "create", 1, "other", adopted=True, differing='{"description": null}')
    planned = [
        step("resourcePreEvent", "create", STACK),
        *objects("resourcePreEvent", "create", 55, "theirs", adopted=True),
        *objects("resourcePreEvent", "create", 2, adopted=False),
    ]
    shown = View("up", milestones=True)
    shown.planned(progress(*planned, SUMMARY))
    shown.planned(progress(*differs, *planned, SUMMARY))
    done = [*objects("resOutputsEvent", "create", 3, "theirs", adopted=True), *objects("resOutputsEvent", "create", 2)]
    lines(shown, Progress(), *done)
    lines(shown, Progress(), *[each.replace("resourcePreEvent", "resOutputsEvent") for each in differs])
    assert capsys.readouterr().err.splitlines() == [
        "up: adopt 55, change 0, create 2",
        "up: adopt 56, change 1 of them, create 2",
        "up: adopted 3, changed 0, created 2 (0 s)",
        "up: adopted 1, changed 1 of them (0 s)",
    ]


def test_what_stays_on_the_server_is_not_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    gone = [
        *objects("resOutputsEvent", "delete", 3, "adopted", adopted=True),
        *objects("resOutputsEvent", "delete", 1, "kept", onDelete="keep"),
        *objects("resOutputsEvent", "delete", 1, "lent", adopted=True, onDelete="delete"),
        *objects("resOutputsEvent", "delete", 1),
    ]
    lines(View("down", milestones=True), Progress(), *gone)
    assert capsys.readouterr().err == "down: deleted 2, stopped managing 4 (0 s)\n"


def test_what_is_gone_from_the_server_is_created_again_even_if_it_was_adopted() -> None:
    log = EventLog()
    Path(log.path).write_text(
        f"{step('resourcePreEvent', 'refresh', ROLE + 'theirs0')}\n"
        + "".join(f"{each}\n" for each in objects("resourcePreEvent", "create", 2, "theirs", adopted=True))
    )
    assert [each.operation for each in log.new() if isinstance(each, Step)] == ["refresh", "create", "adopt"]
    log.close()
