"""No module is too long to be read at once, neither of the product nor of its tests."""

from tests.unit.test_docs import ROOT, tracked

MOST_LINES = 300


def test_no_module_is_too_long() -> None:
    lines = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in tracked("*.py")}
    assert len(lines) > 500
    too_long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert too_long == {}, f"modules of more than {MOST_LINES} lines; split them by subject"
