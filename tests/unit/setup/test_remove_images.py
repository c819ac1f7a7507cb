"""`make down` says which images stay on the engine and why, asked of a docker command of the test's own."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCKER = """#!/bin/sh
case "$1 $2" in
"image rm") [ "$3" = unused ] || { echo "Error response from daemon: conflict: it is $3" >&2; exit 1; } ;;
"image inspect") case $5 in gone) exit 1 ;; nameless) echo ;; *) echo "store/nginx:1" ;; esac ;;
"ps --all") [ "$4" != ancestor=shared ] || printf 'other-nginx\\nanother-nginx\\n' ;;
esac
"""
STAYS = "the image store/nginx:1 stays on the engine"
SAID = {
    "unused": "",
    "gone": "",
    "shared": f"{STAYS}, since other containers run it: another-nginx other-nginx\n",
    "tagged twice": f"{STAYS}: it is tagged twice\n",
    "nameless": "the image nameless stays on the engine: it is nameless\n",
}


@pytest.mark.parametrize("image", SAID)
def test_an_image_goes_or_the_reason_is_said(image: str, tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    done = subprocess.run(
        [ROOT / "setup" / "remove-images", image, "unused"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", SAID[image])
