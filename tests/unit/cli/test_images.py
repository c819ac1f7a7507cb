"""The images of a stack: Sonatype's if it can be pulled, the stand-in if no registry answers, else an error."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.machine import built_images
from cli.machine.progress import run_steps
from cli.machine.step import Step
from cli.stack import images
from cli.stack import stack as stacks
from cli.stack.images import WantedImages, wanted_image
from cli.stack.stack import Stack
from lab.images.images import IMAGES
from stacks.managed_nexus import ManagedNexus

NOTHING = 'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup x: no such host'
LIMIT = "Error response from daemon: toomanyrequests: You have reached your pull rate limit."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(images, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(stacks, "STACK_FILES", tmp_path)
    monkeypatch.setattr(images, "image_steps", nothing_to_build)
    return tmp_path


def nothing_to_build(names: Sequence[str], host: str | None) -> list[Step]:
    return []


def docker(folder: Path, pull: str = "") -> None:
    """A docker whose pull prints this error, or succeeds."""
    (folder / "docker").write_text(
        f'#!/bin/sh\necho "$*" >>{folder}/asked\n[ "$1" = pull ] || exit 1\n{pull and f"echo {pull!r} >&2; exit 1"}\n'
    )
    (folder / "docker").chmod(0o755)


def stack(folder: Path, **keys: str) -> Stack:
    lines = [f"  repository-store:nexus:\n    {key}: {value}\n" for key, value in keys.items()]
    (folder / "Pulumi.trial.yaml").write_text("config:\n" + "".join(lines))
    return Stack("trial")


def ensure_images(stack: Stack) -> dict[str, str]:
    """The settings for the stack file, once the steps have run."""
    wanted = WantedImages(stack)
    run_steps(wanted.steps())
    return wanted.settings()


def test_the_published_image_is_used_if_it_can_be_pulled(folder: Path) -> None:
    docker(folder)
    assert ensure_images(stack(folder)) == {"nexus.kind": "sonatype"}
    assert f"pull --quiet {ManagedNexus().image}" in (folder / "asked").read_text()


def test_the_stack_file_can_name_the_image(folder: Path) -> None:
    assert wanted_image(stack(folder, image="localhost:5000/team/image:1")) == "localhost:5000/team/image:1"


def test_if_no_registry_answers_the_stand_in_is_used_and_reported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docker(folder, NOTHING)
    found = ensure_images(stack(folder))
    assert found["nexus.kind"] == "stand-in"
    assert found["nexus.image"].startswith("repository-store/nexus-stand-in:")
    assert found["nginx.image"].startswith("repository-store/nginx:")
    lines = [line for line in capsys.readouterr().err.splitlines() if "stand-in" in line]
    assert len(lines) == 1
    assert "no such host" in lines[0]


def test_any_other_failure_of_the_pull_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docker(folder, LIMIT)
    with pytest.raises(CommandError) as error:
        ensure_images(stack(folder))
    assert "toomanyrequests: You have reached your pull rate limit" in str(error.value)
    assert "Fix: docker login docker.io" in str(error.value)
    assert "stand-in" not in str(error.value) + capsys.readouterr().err
    assert not (folder / ".local").exists()


def test_an_image_is_not_pulled_before_its_signature_is_verified(folder: Path) -> None:
    docker(folder)
    wanted = stack(folder)
    with (folder / "Pulumi.trial.yaml").open("a") as file:
        file.write("  repository-store:imageSignatures:\n    publicKey: cosign.pub\n")
    assert ensure_images(wanted) == {}
    assert not (folder / "asked").exists()


@pytest.mark.parametrize("kind", ["sonatype", "stand-in"])
def test_the_kind_in_the_stack_file_is_used(folder: Path, kind: str) -> None:
    docker(folder, NOTHING)
    assert ensure_images(stack(folder, kind=kind)).get("nexus.kind") == (kind if kind == "stand-in" else None)
    assert not (folder / "asked").exists()


@pytest.mark.parametrize(("hours", "answers", "offered"), [(25, True, True), (25, False, False), (1, True, False)])
def test_the_published_image_is_offered_once_a_day_if_a_registry_answers(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    hours: int,
    answers: bool,
    offered: bool,
) -> None:
    docker(folder, NOTHING)
    ensure_images(stack(folder))
    note = folder / ".local" / "stand-ins" / "trial.json"
    image = json.loads(note.read_text())["image"]
    note.write_text(json.dumps({"image": image, "looked": time.time() - hours * 3600}))
    monkeypatch.setattr(images, "registry_answers", lambda asked, host: answers and asked == image)
    capsys.readouterr()
    for expected in (offered, False):
        assert ensure_images(stack(folder, kind="stand-in"))["nexus.kind"] == "stand-in"
        assert ("can be pulled now" in capsys.readouterr().err) is expected


def test_a_stack_that_chose_the_stand_in_gets_no_offer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(images, "registry_answers", lambda image, host: True)
    ensure_images(stack(folder, kind="stand-in"))
    assert capsys.readouterr().err == ""


def test_an_existing_image_is_not_pulled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "is_there", lambda image, host: True)
    assert ensure_images(stack(folder)) == {"nexus.kind": "sonatype"}


def test_a_tag_depends_on_sources_and_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reference() -> str:
        return built_images.reference(IMAGES["nexus-stand-in"]())

    shipped = reference()
    monkeypatch.setenv("STAND_IN_OPTIONS", "--exchanges /tmp/x")
    with_options = reference()
    monkeypatch.setenv("STAND_IN_SOURCES", str(tmp_path))
    (tmp_path / "main.go").write_text("package main")
    assert len({shipped, with_options, reference()}) == 3
