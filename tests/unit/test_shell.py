"""Shell is only used in containers, on foreign hosts and before the virtualenv exists, and its size is limited."""

from tools.shell_and_go import ROOT, shell_scripts

MOST_LINES = 1020


def test_the_amount_of_shell_is_limited() -> None:
    lines = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in shell_scripts()}
    assert sum(lines.values()) <= MOST_LINES, lines
