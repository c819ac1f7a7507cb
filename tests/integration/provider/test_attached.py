"""Pulumi attached to a running program and provider, as ./store does, behaves as on its own."""

from typing import Any

import pytest

from tests.integration.provider.play import Failed, Play

FILES: dict[str, Any] = {"format": "raw", "type": "hosted"}
GROUP: dict[str, Any] = {"format": "raw", "type": "group", "group": {"memberNames": ["files"]}}


@pytest.fixture(scope="module")
def deployed(play: Play) -> Play:
    play.wanted["repositories"] = {"files": FILES, "all": GROUP}
    play.up()
    return play


WHERE_AND_WHEN = ("created", "modified", "sourcePosition", "stackTrace")


def resources(play: Play) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = play.secret_state()["deployment"]["resources"]
    plain = [{key: value for key, value in each.items() if key not in WHERE_AND_WHEN} for each in found]
    return sorted(plain, key=lambda each: str(each["urn"]))


def test_after_one_way_the_others_have_nothing_to_change_and_the_same_state(deployed: Play) -> None:
    """Attached, with the plugin that Pulumi.yaml names, and with the SDK's own server of dynamic providers."""
    attached = resources(deployed)
    assert deployed.attaches
    project = deployed.folder / "program" / "Pulumi.yaml"
    whole = project.read_text()
    deployed.attaches = False
    try:
        for text in (whole, whole[: whole.index("plugins:")]):
            project.write_text(text)
            assert "unchanged" in deployed.up("--refresh", "--expect-no-changes")
            assert resources(deployed) == attached
    finally:
        deployed.attaches = True
        project.write_text(whole)
    assert "unchanged" in deployed.up("--refresh", "--expect-no-changes")
    assert resources(deployed) == attached


def test_a_preview_and_the_update_after_it_are_two_runs_of_the_program(deployed: Play) -> None:
    deployed.wanted["repositories"]["more"] = FILES
    output = deployed.pulumi("up", "--yes", "--stack", "test")
    assert output.count("+ 1 created") == 1
    assert output.count("+ 1 to create") == 1


def test_output_of_the_provider_is_shown(deployed: Play) -> None:
    deployed.wanted["repositories"]["files"] = {**FILES, "storage": {"strictContentTypeValidation": False}}
    deployed.stop()
    try:
        assert "the last known state is kept" in deployed.preview("--refresh")
    finally:
        deployed.start()
        deployed.wanted["repositories"]["files"] = FILES


def test_a_failing_program_shows_the_line(deployed: Play) -> None:
    program = deployed.folder / "program" / "__main__.py"
    whole = program.read_text()
    program.write_text("def wrong():\n    raise ValueError('of no use')\n\nprint('before')\nwrong()\n")
    try:
        with pytest.raises(Failed) as caught:
            deployed.preview()
    finally:
        program.write_text(whole)
    text = str(caught.value)
    assert "before" in text
    assert "Program failed with an unhandled exception" in text
    assert f'File "{program}", line 5' in text
    assert "run_in_stack" not in text
    assert "ValueError: of no use" in text


def test_a_program_that_exits_fails_the_run(deployed: Play) -> None:
    program = deployed.folder / "program" / "__main__.py"
    whole = program.read_text()
    program.write_text("import os\nos._exit(7)\n")
    try:
        with pytest.raises(Failed, match="the program ended with status 7"):
            deployed.preview()
    finally:
        program.write_text(whole)


def test_drift_on_an_external_server_is_found_and_reverted(external: Play) -> None:
    assert external.attaches
    external.wanted["repositories"] = {"files": FILES}
    external.up()
    path = "/v1/repositories/raw/hosted/files"
    made = external.ask("GET", path).json()
    changed = {**made, "storage": {**made["storage"], "writePolicy": "DENY"}}
    external.ask("PUT", path, changed).raise_for_status()
    with pytest.raises(Failed):
        external.preview("--refresh", "--expect-no-changes")
    assert "~ 1 updated" in external.up("--refresh")
    assert external.ask("GET", path).json() == made
    assert "unchanged" in external.preview("--refresh", "--expect-no-changes")
