"""The module with the physical names, and its part for shell scripts."""

import subprocess
from pathlib import Path

from lab.images import images, root_file_system
from stacks import layout

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / "components" / "scripts"


def test_scripts_and_program_have_the_same_layout() -> None:
    lines = (SCRIPTS / "layout.sh").read_text().splitlines()
    found = dict(line.removeprefix("export ").split("=", 1) for line in lines if not line.startswith("#"))
    assert found == {name: str(getattr(layout, name)) for name in found}
    scripts = "".join(path.read_text() for path in SCRIPTS.glob("*.sh") if path.name != "layout.sh")
    assert [name for name in found if name not in scripts] == []


def test_the_layout_for_scripts_is_exported() -> None:
    done = subprocess.run(
        ["sh", "-c", '. "$1/layout.sh"; exec printenv STORE_FOLDER', "sh", str(SCRIPTS)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{layout.STORE_FOLDER}\n"


def test_built_images_have_the_layout_of_the_published_ones() -> None:
    """Their tags are hashes of their sources: any change there makes new images on every engine."""
    users = {user.name: (user.uid, user.home) for user in root_file_system._USERS}
    assert users == {
        layout.NGINX: (layout.NGINX_UID, layout.CACHE_FOLDER),
        layout.NEXUS: (layout.NEXUS_UID, layout.DATA_FOLDER),
    }
    config = images.stand_in().config
    assert config["Volumes"] == {config["WorkingDir"]: {}} == {layout.DATA_FOLDER: {}}
    assert config["ExposedPorts"] == {f"{layout.NEXUS_PORT}/tcp": {}}
