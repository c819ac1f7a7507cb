"""`down` reports which images stay on the engine and why, with a fake docker."""

from pathlib import Path

import pytest

from cli.commands.down import _images, _remove_images
from cli.docker import Docker
from cli.stack.stack import Stack
from tests.support.played_docker import play_docker

DOCKER = """#!/bin/sh
case "$1 $2" in
"image rm") case $3 in
    unused | shared) ;;  # docker removes one of several tags even if containers run the image
    *) echo "Error response from daemon: conflict: it is $3" >&2; exit 1 ;;
    esac ;;
"image inspect") case $5 in gone) exit 1 ;; nameless) echo ;; *) echo "store/nginx:1" ;; esac ;;
"ps --all") [ "$4" != ancestor=shared ] || printf 'other-nginx\\nanother-nginx\\n' ;;
esac
"""
STAYS = "the image store/nginx:1 stays on the engine"
PRINTED = {
    "unused": "",
    "gone": "",
    "shared": f"{STAYS}, since other containers run it: another-nginx other-nginx\n",
    "tagged twice": f"{STAYS}: it is tagged twice\n",
    "nameless": "the image nameless stays on the engine: it is nameless\n",
}


@pytest.mark.parametrize("image", PRINTED)
def test_an_image_is_removed_or_the_reason_is_printed(
    image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play_docker(monkeypatch, tmp_path, DOCKER)
    _remove_images([image, "unused"], Docker())
    assert capsys.readouterr().err == PRINTED[image]


def test_an_image_with_other_tags_is_removed_by_the_name_of_the_stack_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docker refuses to remove it by id: `image is referenced in multiple repositories`."""
    play_docker(
        monkeypatch,
        tmp_path,
        '#!/bin/sh\ncase "$*" in "image inspect"*nginx:ours) echo sha256:1 ;; inspect*-nginx) echo sha256:1 ;;'
        " inspect*-nexus) echo sha256:2 ;; *) exit 1 ;; esac\n",
    )
    (tmp_path / "file").write_text("config: {'repository-store:nginx': {image: 'store/nginx:ours'}}")
    assert _images(Stack("trial", tmp_path / "file"), Docker()) == ["sha256:2", "store/nginx:ours"]
