"""Jenkins's transformation of Groovy compiles every file that it reads from this project.

The transformation is that of groovy-cps 1.31. The newer one in the plugin workflow-cps (read at its commit e007b7ff of
2026-07-21) also refuses a misplaced break or continue, and accepts f(*list), which 1.31 does not; the rest is the same.
"""

import re
from pathlib import Path

import pytest

from tests.integration.programs.jenkins.groovy import ROOT, run
from tests.unit.jenkins.outputs import outputs

FILES = sorted(
    str(path.relative_to(ROOT))
    for path in (
        ROOT / "Jenkinsfile",
        *(ROOT / "jenkins").rglob("*.Jenkinsfile"),
        *(ROOT / "jenkins").rglob("*.groovy"),
    )
)


def errors(script: str | Path) -> list[str]:
    (result,) = run("compile.groovy", str(script), None)
    return list(result["errors"])


def test_the_files_are_found() -> None:
    assert {Path(file).name for file in FILES} == {
        "Jenkinsfile",
        "nightly.Jenkinsfile",
        "preview.Jenkinsfile",
        "production.Jenkinsfile",
        "staging.Jenkinsfile",
        "withStore.groovy",
    }


@pytest.mark.parametrize("file", FILES)
def test_a_file_compiles(file: str) -> None:
    assert errors(file) == []
    # Jenkins's own check, which 1.31 lacks: these files need neither.
    assert not re.search(r"^\s*(break|continue)\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_what_jenkins_cannot_transform_is_an_error(tmp_path: Path) -> None:
    step = tmp_path / "step.groovy"
    step.write_text("def call(List names) { return names*.trim() }")
    assert "spread not yet supported for CPS transformation" in errors(step)[0]


def test_a_step_that_keeps_what_jenkins_cannot_save_fails(tmp_path: Path) -> None:
    step = tmp_path / "step.groovy"
    step.write_text("def call(Map asked, Closure body) { def found = 'a' =~ 'a'; pwd(tmp: true); body(url: found[0]) }")
    with pytest.raises(AssertionError, match=r"NotSerializableException: java\.util\.regex\.Matcher"):
        run("library.groovy", str(step), {"outputs": outputs()})
