"""python -m tests.unit.reports.rewrite: regenerates all reports; review them before the commit."""

from reports.markdown import report
from reports.preview import Preview
from tests.unit.reports.previews import HERE, RECORDED, recorded

for name in RECORDED:
    text = report(Preview.parse(recorded(name)), "staging")
    (HERE / "reports" / f"{name}.md").write_text(text, encoding="utf-8")
