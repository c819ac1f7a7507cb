"""After a killed `up` without checkpoints, the next one knows which objects of an external server are the stack's."""

from cli.stack.many_objects import WITHOUT_CHECKPOINTS
from tests.integration.provider.play import Play

COUNT = 40
NAMES = [f"raw-{number}" for number in range(COUNT)]


def repositories(play: Play) -> set[str]:
    return {each["name"] for each in play.ask("GET", "/v1/repositories").json()} & set(NAMES)


def test_objects_of_a_killed_up_belong_to_the_stack_and_existing_ones_do_not(external: Play) -> None:
    external.wanted["repositories"] = {}
    external.up()  # so that the state has the provider
    storage = {"blobStoreName": "default", "strictContentTypeValidation": True, "writePolicy": "ALLOW"}
    theirs = {"name": NAMES[-1], "online": True, "storage": storage, "raw": {"contentDisposition": "ATTACHMENT"}}
    external.ask("POST", "/v1/repositories/raw/hosted", theirs).raise_for_status()

    external.wanted["repositories"] = {name: {"format": "raw", "type": "hosted"} for name in NAMES[:-1]}
    environment = {"REPOSITORY_STORE_JOURNAL": str(external.folder / "journal"), **WITHOUT_CHECKPOINTS}
    up = ("up", "--yes", "--skip-preview", "--stack", "test")
    external.kill(*up, when=lambda: len(repositories(external)) > COUNT // 4, **environment)
    made = repositories(external)
    assert 0 < len(made) < COUNT
    external.wanted["repositories"][NAMES[-1]] = {"format": "raw", "type": "hosted", "storage": storage}
    external.pulumi(*up, **environment)
    assert repositories(external) == set(NAMES)
    assert "unchanged" in external.preview("--refresh", "--expect-no-changes")

    external.wanted["repositories"] = {}
    external.up()
    assert repositories(external) == {NAMES[-1]}
