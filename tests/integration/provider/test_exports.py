"""A stack made from a server's export has nothing to change on that server."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import yaml

from tests.integration.provider.play import ADMIN, ROOT, Play
from tests.integration.provider.samples import everything_else


def exports(play: Play, *arguments: str, given: str = "") -> str:
    environment = {**play.environment, "NEXUS_PASSWORD": ADMIN, "NEXUS_ADDRESS": "127.0.0.1"}
    command = [sys.executable, "-m", "exports", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(play: Play) -> Play:
    play.wanted |= everything_else()
    play.up()
    return play


def test_an_exported_server_needs_no_change(made: Play) -> None:
    text = exports(made, "export", made.environment["NEXUS_URL"])
    assert "--secret" not in text
    topology = yaml.safe_load(text)
    assert topology["repositories"]["sample-hosted"]["storage"]["blobStoreName"] == "releases"
    made.counted()
    made.pulumi("stack", "init", "second")
    before = made.wanted
    made.wanted = {key: before[key] for key in ("hostname", "nexus", "realms", "anonymousAccess")} | topology
    made.wanted["passwords"] = {"admin": ADMIN}
    made.pulumi("up", "--yes", "--skip-preview", "--stack", "second")
    assert not [line for line in made.counted() if line.startswith("POST")]
    made.pulumi("preview", "--stack", "second", "--refresh", "--expect-no-changes")
    made.wanted = before
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")


def test_tasks_and_defaults_of_nexus_itself_are_not_exported(playing: Callable[[], Play]) -> None:
    with playing() as fresh:
        fresh.up()
        fresh.wanted["repositories"] = {"plain": {"format": "raw", "type": "hosted"}}
        fresh.up()
        fresh.store("plain/a.txt", b"a")
        assert fresh.ask("GET", "/v1/tasks").json()["items"]
        topology = yaml.safe_load(exports(fresh, "export", fresh.environment["NEXUS_URL"]))
        assert set(topology) == {"repositories"}


def test_an_untrusted_ca_is_refused_with_the_variable_for_it(made: Play) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "exports", "export", made.environment["NEXUS_URL"]],
        cwd=ROOT,
        env={**made.environment, "NEXUS_PASSWORD": ADMIN, "NEXUS_ADDRESS": "127.0.0.1", "NEXUS_CA": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "its certificate is not trusted" in done.stderr
    assert "Fix: NEXUS_CA=FILE" in done.stderr


def test_a_report_names_objects_outside_of_the_stack(made: Play) -> None:
    rule = {"name": "by-hand", "description": "", "mode": "BLOCK", "matchers": ["^/x"]}
    made.ask("POST", "/v1/routing-rules", rule).raise_for_status()
    state = made.pulumi("stack", "export", "--show-secrets", "--stack", "test")
    text = exports(made, "report", given=state)
    assert "  routingRules.by-hand\n" in text
    assert "  repositories.maven-central\n" in text
    assert "sample-hosted" not in text
    assert "bob" not in text


def test_a_wrong_call_shows_the_usage(playing: Callable[[str], Play]) -> None:
    done = subprocess.run([sys.executable, "-m", "exports", "export"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "make export URL=" in done.stderr
