"""What a deployment prints for people."""

import io
import json
import sys

import pytest

from cli.events.event import parse
from cli.events.progress import Progress
from cli.events.view import View, view
from tests.unit.cli.deploying import NGINX, STACK, URN, diagnostic, objects, progress, step


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
