"""The golden nginx.conf files: one for each routing mode, and one with every setting."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.nginx.rendering import EVERYTHING, configuration

GOLDEN = Path(__file__).parent / "golden"
MODES: dict[str, dict[str, Any]] = {
    "path": {},
    "seed": {"routing": "seed", "clientMaxBodySize": "1G"},
    "ports": {"routing": "ports", "dockerPorts": {"docker-group": 5443}},
    "everything": EVERYTHING,
}


@pytest.mark.parametrize("name", MODES)
def test_the_rendered_file_equals_the_golden_one(name: str) -> None:
    """After an intended change: UPDATE_GOLDEN=1 pytest tests/unit/nginx/test_golden_files.py, then review the diff."""
    path = GOLDEN / f"{name}.conf"
    text = configuration(MODES[name]).text
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text()


def test_a_store_without_docker_only_serves_the_user_interface() -> None:
    gone = {"docker-private": None, "docker-proxy": None, "docker-group": None}
    roles = {"ci-push": {"push": ["yum-hosted"]}, "ci-pull": {"pull": ["yum-group"]}}
    text = configuration(repositories=gone, roles=roles).text
    assert "/v2" not in text
    assert text.count("upstream ") == 1


@pytest.mark.parametrize(
    ("mode", "words"), [("path", ("$redirection",)), ("seed", ("/v2", "/v1")), ("ports", ("/v2", "$backend"))]
)
def test_only_the_chosen_routing_mode_is_in_the_file(mode: str, words: tuple[str, ...]) -> None:
    text = configuration(MODES[mode]).text
    assert not [word for word in words if word in text]
