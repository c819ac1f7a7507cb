"""Runs of Pulumi: its events are shown, it gets a signal once, and it never outlives the command."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.cli.project import Project

RUN = """
import sys
from cli.docker import Docker
from cli.errors import Ended
from cli.events.deployment import Deployment
from cli.process import Interrupted, end_on_signals
from cli.stack.environment import stack_environment
from cli.stack.stack import Stack
end_on_signals()
stack = Stack("local")
try:
    print(Deployment(stack, "up", Docker(), stack_environment(stack)).run(["up", "--skip-preview"]))
except (Ended, Interrupted) as ended:
    sys.exit(ended.code)
"""
# Copies `events` to its event log, records its signals, and ends 0.3 s after the first one.
PULUMI = f"""#!{sys.executable}
import signal, sys, time
from pathlib import Path
def note(number, frame):
    with open("signals", "a") as file:
        file.write(f"{{signal.Signals(number).name}}\\n")
signal.signal(signal.SIGINT, note)
signal.signal(signal.SIGTERM, note)
log = sys.argv[sys.argv.index("--event-log") + 1]
Path(log).write_bytes(Path("events").read_bytes())
if Path("hang").exists():
    Path("hangs").touch()
    while not Path("signals").exists():
        time.sleep(0.01)
    time.sleep(0.3)
    Path("ended").touch()
sys.exit(Path("message").read_text() if Path("message").exists() else 0)
"""
STACK = "urn:pulumi:local::repository-store::pulumi:pulumi:Stack::repository-store-local"
SAME = '{{"{}": {{"metadata": {{"op": "same", "urn": "' + STACK + '", "type": "pulumi:pulumi:Stack", "new": {}}}}}}}\n'


@pytest.fixture
def deployed(project: Project) -> Project:
    project.play("pulumi", PULUMI)
    begun, done = (
        SAME.format("resourcePreEvent", "null"),
        SAME.format("resOutputsEvent", '{"outputs": {"url": "here"}}'),
    )
    (project.root / "events").write_text(begun + done)
    return project


def start(project: Project) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN],
        cwd=project.root,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def hanging(project: Project) -> subprocess.Popen[str]:
    (project.root / "hang").touch()
    process = start(project)
    while not (project.root / "hangs").exists():
        assert process.poll() is None
        time.sleep(0.01)
    return process


def appears(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def test_outputs_come_from_the_events_and_no_changes_are_one_line(deployed: Project) -> None:
    done = deployed.python(RUN)
    assert done.stdout == "{'url': 'here'}\n"
    assert re.fullmatch(r"up: nothing to change, 1 resources checked \(\d+ s\)\n", done.stderr)


def test_pulumis_output_is_shown_if_no_event_has_a_reason(deployed: Project) -> None:
    (deployed.root / "events").write_text("")
    (deployed.root / "message").write_text("error: incorrect passphrase")
    done = deployed.python(RUN)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "error: incorrect passphrase"
    assert done.stderr.splitlines()[-1] == "make doctor STACK=local shows what is wrong"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_pulumi_once_and_is_waited_for(signum: signal.Signals, deployed: Project) -> None:
    process = hanging(deployed)
    process.send_signal(signum)
    errors = process.communicate()[1]
    assert process.returncode == 128 + signum
    assert "ending: the running operations are finished first" in errors
    assert (deployed.root / "ended").exists()
    assert (deployed.root / "signals").read_text() == "SIGINT\n"


def test_after_a_killed_command_pulumi_ends_and_writes_its_state(deployed: Project) -> None:
    process = hanging(deployed)
    process.kill()
    process.communicate()
    appears(deployed.root / "ended")
    assert (deployed.root / "signals").read_text() == "SIGTERM\n"


PREVIEW = RUN.replace(
    'print(Deployment(stack, "up", Docker(), stack_environment(stack)).run(["up", "--skip-preview"]))',
    ('Deployment(stack, "preview", Docker(), stack_environment(stack)).preview([])'),
)
FILES = "urn:pulumi:local::repository-store::pulumi-python:dynamic/nexus:Repository::files"
CREATED = (
    '{"resourcePreEvent": {"metadata": {"op": "create", "urn": "' + FILES + '", '
    '"type": "pulumi-python:dynamic/nexus:Repository", "new": {"inputs": {}}}}}\n'
)
SUMMARY = '{"summaryEvent": {"resourceChanges": {"create": 1, "same": 3}}}\n'
FORBIDDEN = (
    '{"policyEvent": {"policyName": "rule", "message": "About it.\\nNot so.", "resourceUrn": "' + FILES + '", '
    '"enforcementLevel": "mandatory"}}\n'
)


def test_a_preview_prints_only_its_changes_on_standard_output(deployed: Project) -> None:
    (deployed.root / "events").write_text(CREATED + SUMMARY)
    done = deployed.python(PREVIEW)
    assert (done.returncode, done.stdout) == (0, "create Repository files\n")
    assert done.stderr == "preview: create 1\n"


def test_a_preview_with_a_policy_violation_fails_and_shows_the_changes(deployed: Project) -> None:
    (deployed.root / "events").write_text(CREATED + FORBIDDEN + SUMMARY)
    (deployed.root / "message").write_text("error: preview failed")
    done = deployed.python(PREVIEW)
    assert done.returncode == 1
    assert done.stdout == "create Repository files\n"
    assert "[mandatory]  rule: Not so. (Repository files)" in done.stderr
    assert "; nothing was applied" in done.stderr


LOCKED = """error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock
  s3://states/.pulumi/locks/organization/repository-store/local/3c1b.json: created by jenkins@build-1 (pid 4711) at 2026-11-26T08:00:00Z
"""  # noqa: E501 - as Pulumi prints it


def test_the_lock_of_a_shared_backend_is_reported_with_its_holder_and_a_fix(deployed: Project) -> None:
    (deployed.root / "events").write_text("")
    (deployed.root / "message").write_text(LOCKED)
    errors = deployed.python(RUN).stderr
    assert (
        "error: stack local: it is locked in its backend by jenkins@build-1 (process 4711, since 2026-11-26T08:00:00Z)"
        in errors
    )
    assert ". Fix: wait for it; if that command was killed: ./store pulumi cancel --yes --stack local" in errors
    assert "s3://" not in errors
