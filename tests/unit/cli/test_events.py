"""What is read from Pulumi's events: steps, progress, and reasons of a failure."""

import json
import random
from pathlib import Path

import pytest

from cli.events.event import Message, Phase, Step, Summary, Violation, parse
from cli.events.log import EventLog
from cli.events.progress import Progress
from cli.events.reasons import reasons, violations
from tests.unit.cli.deploying import NGINX, ROLE, STACK, URN, diagnostic, objects, progress, step

TAKEN = "Unable to start container: Error response from daemon: bind: address already in use"


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


def test_what_is_gone_from_the_server_is_created_again_even_if_it_was_adopted() -> None:
    log = EventLog()
    Path(log.path).write_text(
        f"{step('resourcePreEvent', 'refresh', ROLE + 'theirs0')}\n"
        + "".join(f"{each}\n" for each in objects("resourcePreEvent", "create", 2, "theirs", adopted=True))
    )
    assert [each.operation for each in log.new() if isinstance(each, Step)] == ["refresh", "create", "adopt"]
    log.close()
