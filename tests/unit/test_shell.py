"""Shell is what runs in containers, on foreign hosts and before there is a virtualenv, and it stays little."""

from tools.shell_and_go import ROOT, shell_scripts

MOST_LINES = 900


def test_there_is_not_more_shell_than_that() -> None:
    lines = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in shell_scripts()}
    assert sum(lines.values()) <= MOST_LINES, lines
