"""Shell is only used in containers, on foreign hosts and before the virtualenv exists, and its size is limited."""

from tools.shell_and_go import ROOT, shell_scripts

MOST_LINES = 1015
VALUES = "components/scripts/layout.sh"  # no code: another test compares it with stacks/layout.py


def test_the_amount_of_shell_is_limited() -> None:
    scripts = {name: (ROOT / name).read_text(encoding="utf-8") for name in shell_scripts() if name != VALUES}
    lines = {name: script.count("\n") for name, script in scripts.items()}
    assert sum(lines.values()) <= MOST_LINES, lines
