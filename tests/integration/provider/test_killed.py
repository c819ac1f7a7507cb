"""An `up` without checkpoints that is killed: the next one knows on an external server what is the stack's."""

from cli.stack.many_objects import WITHOUT_CHECKPOINTS
from tests.integration.provider.play import Play

COUNT = 40
NAMES = [f"raw-{number}" for number in range(COUNT)]


def repositories(play: Play) -> set[str]:
    return {each["name"] for each in play.ask("GET", "/v1/repositories").json()} & set(NAMES)


def test_what_a_killed_up_has_made_is_the_stacks_and_what_was_there_is_not(elsewhere: Play) -> None:
    elsewhere.wanted["repositories"] = {}
    elsewhere.up()  # its state has the server
    storage = {"blobStoreName": "default", "strictContentTypeValidation": True, "writePolicy": "ALLOW"}
    theirs = {"name": NAMES[-1], "online": True, "storage": storage, "raw": {"contentDisposition": "ATTACHMENT"}}
    elsewhere.ask("POST", "/v1/repositories/raw/hosted", theirs).raise_for_status()

    elsewhere.wanted["repositories"] = {name: {"format": "raw", "type": "hosted"} for name in NAMES[:-1]}
    environment = {"REPOSITORY_STORE_JOURNAL": str(elsewhere.folder / "journal"), **WITHOUT_CHECKPOINTS}
    up = ("up", "--yes", "--skip-preview", "--stack", "test")
    elsewhere.kill(*up, when=lambda: len(repositories(elsewhere)) > COUNT // 4, **environment)
    made = repositories(elsewhere)
    assert 0 < len(made) < COUNT
    elsewhere.wanted["repositories"][NAMES[-1]] = {"format": "raw", "type": "hosted", "storage": storage}
    elsewhere.pulumi(*up, **environment)
    assert repositories(elsewhere) == set(NAMES)
    assert "unchanged" in elsewhere.preview("--refresh", "--expect-no-changes")

    elsewhere.wanted["repositories"] = {}
    elsewhere.up()
    assert repositories(elsewhere) == {NAMES[-1]}
