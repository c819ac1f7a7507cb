"""What the scripts of setup/ read of a stack file, without Pulumi."""

import subprocess
from pathlib import Path

import pytest

from stacks.stack_file import main, values

ROOT = Path(__file__).parents[3]
FILE = """
config:
  repository-store:hostname: nexus.domain.org
  repository-store:protect: true
  repository-store:nexus:
    readyTimeoutSeconds: 600
    database:
      host: db.domain.org
      password:
        secure: v1:encrypted
  other:hostname: another.domain.org
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("hostname", "nexus.domain.org"),
        ("protect", "true"),
        ("nexus.readyTimeoutSeconds", "600"),
        ("nexus.database.host", "db.domain.org"),
        ("nexus.database.password", "[secret]"),
        ("nexus.url", ""),
        ("hostname.url", ""),
        ("docker.host", ""),
    ],
)
def test_a_value_is_written_as_pulumi_writes_it(path: str, value: str) -> None:
    assert values(FILE, [path]) == [value]


@pytest.mark.parametrize("text", ["", "config:", "encryptionsalt: v1:salt", "[]"])
def test_a_file_without_settings_has_none(text: str) -> None:
    assert values(text, ["hostname", "nexus.url"]) == ["", ""]


def test_a_file_that_is_not_yaml_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.broken.yaml"
    file.write_text("config:\n  repository-store:hostname: a: b\n")
    with pytest.raises(
        SystemExit, match=r"Pulumi.broken.yaml: it is not YAML \(line 2: .*\); allowed: .*; remedy: mend"
    ):
        main(str(file), "hostname")


def test_a_script_gets_each_of_several_and_an_empty_one_last() -> None:
    script = (
        ". setup/settings.sh; settings production protect nexus.url hostname docker.nothing;"
        'printf "%s|" "${setting[protect]}" "${setting[nexus.url]}" "${setting[hostname]}" "${setting[docker.nothing]}"'
    )
    said = subprocess.check_output(["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, text=True)
    assert said == "true||nexus.domain.org|" + "|"
