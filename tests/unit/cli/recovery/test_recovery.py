"""What commands do first about what is left by killed ones, belongs to others, or is stopped."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.recovery import pending, stopped
from cli.recovery.recovery import Recovery
from cli.recovery.state import State
from cli.stack.stack import Stack
from preflight.engine_objects import engine_objects
from preflight.state_id import state_id
from tests.unit.cli.recovery.conftest import Engine

FINGERPRINT = "SHA256:of-the-key"
ID, OTHER = state_id(FINGERPRINT), state_id("SHA256:of-another-key")
URN = "urn:pulumi:trial::repository-store::"
DATA = "repository-store-trial-nexus-data"


class OwnStack(Stack):
    """Of this machine, whatever is in .local."""

    is_own = True
    is_external = False
    retain: Any = None

    def get(self, path: str) -> Any:
        return self.retain if path == "retain" else None


class ExternalStack(OwnStack):
    is_external = True

    def get(self, path: str) -> Any:
        return "https://nexus.domain.org" if path == "nexus.url" else None


class SharedStack(OwnStack):
    is_own = False


def of_engine(kind: str, name: str, id_: str, **more: Any) -> dict[str, Any]:
    type_ = f"docker:index/{kind}:{kind.capitalize()}"
    return {"type": type_, "urn": f"{URN}{type_}::{name}", "id": id_, "outputs": {"name": id_}, **more}


KEY = {
    "type": "tls:index/privateKey:PrivateKey",
    "urn": f"{URN}tls:index/privateKey:PrivateKey::nexus-initial-password",
    "outputs": {"publicKeyFingerprintSha256": FINGERPRINT},
}
IMAGE = {
    "type": "docker:index/remoteImage:RemoteImage",
    "urn": f"{URN}docker:index/remoteImage:RemoteImage::nginx-image",
    "outputs": {"imageId": "sha256:nginx", "name": "nginx"},
}


def recovery(engine: Engine, *resources: dict[str, Any], stack: Stack | None = None, **deployment: Any) -> Recovery:
    state = State({"version": 3, "deployment": {"resources": list(resources), **deployment}})
    found = engine_objects({}, "repository-store-trial-")
    return Recovery(stack or OwnStack("trial"), Docker(), {}, state, tuple(found))


def up(found: Recovery) -> None:
    with found.recovering():
        pass


def test_a_container_and_a_network_that_never_came_into_the_state_are_removed_before_an_up(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", ID)
    engine.holds("container", "nginx", "c2", ID)
    engine.holds("network", "network", "n1", ID)
    engine.holds("network", "network", "n2", ID)  # the engine lets two have one name
    engine.holds("volume", "nexus-data", DATA, ID)
    up(recovery(engine, KEY, of_engine("container", "nginx", "c2"), of_engine("network", "network", "n1")))
    assert engine.done == ["stop c1", "rm --force c1", "network rm n2"]
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "the container repository-store-trial-nexus (c1) was made by a command that was killed: "
        "it is removed and made again",
        "the network repository-store-trial-network (n2) was made by a command that was killed: "
        "it is removed and made again",
    ]


def test_nothing_is_done_about_a_store_that_is_as_its_state(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.holds("container", "nexus", "c1")  # made before there were labels
    engine.holds("volume", "nexus-data", DATA)
    found = recovery(engine, KEY, of_engine("container", "nexus", "c1"), of_engine("volume", "nexus-data", DATA))
    up(found)
    assert found.before_preview()
    assert engine.done == []
    assert capsys.readouterr().err == ""


def test_a_store_that_is_deployed_does_not_become_somebody_elses_nexus(engine: Engine) -> None:
    volume = of_engine("volume", "nexus-data", DATA, protect=True)
    found = recovery(engine, KEY, volume, stack=ExternalStack("trial"))
    for begin in (up, Recovery.before_preview):
        with pytest.raises(CommandError) as refused:
            begin(found)
        assert str(refused.value).startswith(
            f"nexus.url: the stack runs a Nexus of its own, and an up would remove it with all that is stored on "
            f"{DATA} (got https://nexus.domain.org; "
        )
        assert "Fix: ./store pulumi config rm --stack trial --path nexus.url" in str(refused.value)
    assert engine.done == []
    assert recovery(engine, KEY, stack=ExternalStack("trial")).before_preview()


def test_what_was_made_just_now_for_a_shared_stack_is_left_to_the_machine_that_makes_it(engine: Engine) -> None:
    engine.holds("container", "nexus", "c1", ID, created="2999-01-01T00:00:00.123456789Z")
    with pytest.raises(CommandError, match="another machine may be deploying it"):
        up(recovery(engine, KEY, stack=SharedStack("trial")))
    assert engine.done == []


@pytest.mark.parametrize("resources", [[], [KEY]], ids=["a new state", "a state of its own"])
@pytest.mark.parametrize("label", [OTHER, ""])
def test_a_store_of_another_state_is_refused_before_anything(
    engine: Engine, resources: list[dict[str, Any]], label: str
) -> None:
    engine.holds("container", "nexus", "c1", label)
    engine.holds("network", "network", "n1", label)
    engine.holds("volume", "nexus-data", DATA, label)
    for begin in (up, Recovery.before_preview):
        with pytest.raises(CommandError) as refused:
            begin(recovery(engine, *resources))
        assert str(refused.value).startswith(
            "stack trial: the engine already has container repository-store-trial-nexus, "
        )
        assert "make new-stack NAME=other" in str(refused.value)
        assert len(str(refused.value).splitlines()) == 1
    assert engine.done == []


def test_taking_down_a_stack_of_that_name_leaves_the_others_store(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", OTHER)
    engine.holds("volume", "nexus-data", DATA, OTHER)
    found = recovery(engine, KEY)
    assert found.before_down(yes=False)
    found.after_down()
    assert engine.done == []
    assert "the container repository-store-trial-nexus is of another store of this name: it stays as it is" in (
        capsys.readouterr().err
    )


def test_a_volume_of_the_state_that_another_store_uses_is_not_taken_down(engine: Engine) -> None:
    engine.holds("container", "nexus", "c1", OTHER)
    engine.holds("volume", "nexus-data", DATA, OTHER)
    engine.says("users", "repository-store-trial-nexus\n")
    with pytest.raises(CommandError, match=f"the volume {DATA} is in its state, and repository-store-trial-nexus of"):
        recovery(engine, KEY, of_engine("volume", "nexus-data", DATA)).before_down(yes=True)


def test_a_volume_that_somebody_made_is_taken_over_where_the_stack_file_keeps_it(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA)
    with pytest.raises(CommandError, match="retain"):
        up(recovery(engine))
    stack = OwnStack("trial")
    object.__setattr__(stack, "retain", ["nexus-data"])
    up(recovery(engine, stack=stack))


EXITED = {"Running": False, "Status": "exited", "ExitCode": 137, "FinishedAt": "2026-11-25T19:30:01.123Z"}


def test_a_preview_says_what_is_stopped_and_does_not_look_at_it(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", ID, state=EXITED)
    found = recovery(engine, KEY, of_engine("container", "nexus", "c1"))
    assert not found.before_preview()
    assert engine.done == []
    assert capsys.readouterr().err.splitlines() == [
        "repository-store-trial-nexus is stopped (exited, exit code 137, since 2026-11-25 19:30:01 UTC); "
        "make up STACK=trial brings it back",
        "drift is not looked for meanwhile",
    ]


def test_a_preview_says_that_a_volume_is_gone(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert not recovery(engine, KEY, of_engine("volume", "nexus-data", DATA)).before_preview()
    assert f"the volume {DATA} is gone; make up STACK=trial brings it back" in capsys.readouterr().err


def test_an_up_starts_what_is_stopped(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    monkeypatch.setattr(stopped, "_wait", lambda _stack, _docker, name: waited.append(name))
    engine.holds("container", "nexus", "c1", ID, state=EXITED)
    engine.holds("container", "nginx", "c2", ID, state=EXITED)
    up(recovery(engine, KEY, of_engine("container", "nexus", "c1"), of_engine("container", "nginx", "c2")))
    assert engine.done == ["start c1", "start c2"]
    assert waited == ["repository-store-trial-nexus"]
    assert "starting it ..." in capsys.readouterr().err


VOLUME = of_engine("volume", "nexus-data", DATA, protect=True)


@pytest.fixture
def unprotected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URNs whose protection was lifted."""
    lifted: list[str] = []

    def lift(_stack: Stack, state: State, _environment: Any) -> None:
        lifted.extend(each["urn"] for each in state.resources if each.get("protect"))

    monkeypatch.setattr("cli.recovery.data_volume.unprotect", lift)
    return lifted


def test_a_volume_with_content_goes_only_when_a_person_says_so(
    engine: Engine, unprotected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", ID)
    engine.holds("volume", "nexus-data", DATA, ID)
    engine.says("content", "12 4096")
    found = recovery(engine, KEY, IMAGE, VOLUME, of_engine("container", "nexus", "c1"))
    with pytest.raises(CommandError) as refused:
        found.before_down(yes=False)
    assert str(refused.value) == (
        f"stack trial: the volume {DATA} holds 12 files, 4 KiB, and its removal is not confirmed. "
        "Fix: make down STACK=trial YES=1, or to keep it: ./store pulumi config set --stack trial "
        "--path 'retain[0]' nexus-data, make up STACK=trial"
    )
    assert unprotected == []
    found.before_down(yes=True)
    assert unprotected == [VOLUME["urn"]]
    assert "as YES=1 confirms" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["yes\n", "\n", ""])
def test_on_a_terminal_the_name_of_the_stack_is_typed(
    answer: str, engine: Engine, unprotected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    engine.holds("volume", "nexus-data", DATA, ID)
    engine.says("content", "1 1")
    for typed, goes in ((answer, False), ("trial\n", True)):
        terminal = io.StringIO(typed)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)
        if goes:
            recovery(engine, KEY, IMAGE, VOLUME).before_down(yes=False)
        else:
            with pytest.raises(CommandError, match="nothing was changed"):
                recovery(engine, KEY, IMAGE, VOLUME).before_down(yes=False)
    assert unprotected == [VOLUME["urn"]]


def test_an_empty_volume_and_one_that_is_kept_need_no_word(engine: Engine, unprotected: list[str]) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    recovery(engine, KEY, IMAGE, VOLUME).before_down(yes=False)
    engine.says("content", "12 4096")
    recovery(engine, KEY, IMAGE, {**VOLUME, "retainOnDelete": True}).before_down(yes=False)
    assert len(unprotected) == 2


def test_what_cannot_be_looked_into_is_taken_for_content(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    with pytest.raises(CommandError, match="holds what could not be looked at"):
        recovery(engine, KEY, VOLUME).before_down(yes=False)  # no image is there to look with


def test_volumes_that_never_came_into_the_state_go_with_the_stack(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    engine.holds("volume", "nginx-configuration", "repository-store-trial-nginx-configuration", ID)
    engine.holds("volume", "nginx-cache", "repository-store-trial-nginx-cache", OTHER)
    recovery(engine, KEY, IMAGE).after_down()
    assert engine.done == [f"volume rm {DATA}", "volume rm repository-store-trial-nginx-configuration"]


def test_one_that_holds_content_stays(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    engine.says("content", "1 1")
    recovery(engine, KEY, IMAGE).after_down()
    assert engine.done == []


def test_one_that_the_stack_file_retains_stays_when_the_state_has_let_go_of_it(engine: Engine) -> None:
    """As a `down` leaves it that was killed and typed again."""
    engine.holds("volume", "nexus-data", DATA, ID)
    stack = OwnStack("trial")
    object.__setattr__(stack, "retain", ["nexus-data"])
    recovery(engine, KEY, IMAGE, stack=stack).after_down()
    assert engine.done == []


def test_pending_operations_are_said_in_one_line_and_resolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(
        pending, "write_state", lambda _stack, _environment, document, _folder: written.append(document)
    )
    operations = [{"type": "creating", "resource": of_engine("container", "nexus", "")}]
    state = State({"version": 3, "deployment": {"resources": [KEY], "pending_operations": operations}})
    after = pending.resolve(Stack("trial"), state, {}, tmp_path)
    assert capsys.readouterr().err == (
        "stack trial: an earlier command was killed in the middle of creating nexus; going on from there\n"
    )
    assert written == [{"version": 3, "deployment": {"resources": [KEY]}}]
    assert json.dumps(after.document) == json.dumps(written[0])
    assert pending.resolve(Stack("trial"), after, {}, tmp_path) is after
