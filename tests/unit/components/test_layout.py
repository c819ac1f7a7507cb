"""The one place where physical names stand, and its part that shell scripts read."""

import subprocess
from pathlib import Path

from stacks import layout

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / "components" / "scripts"


def test_scripts_have_the_layout_of_the_program() -> None:
    lines = (SCRIPTS / "layout.sh").read_text().splitlines()
    found = dict(line.removeprefix("export ").split("=", 1) for line in lines if not line.startswith("#"))
    assert found == {name: str(getattr(layout, name)) for name in found}


def test_a_script_that_reads_it_hands_it_on() -> None:
    said = subprocess.run(
        ["sh", "-c", '. "$1/layout.sh"; exec printenv STORE_FOLDER', "sh", str(SCRIPTS)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == f"{layout.STORE_FOLDER}\n"
