"""Names, keys, values and messages of others stay plain text when GitHub renders a report.

Each value replaces a harmless word in every part of a preview, and cmark-gfm renders the report. The page must have the
same elements as the harmless report: no additional link, image, heading or cell.
"""

import json
import re
from html.parser import HTMLParser
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from reports.markdown import marker, report
from reports.preview import Preview

WORD = "harmless"
FORGED = "**No changes.** The stack matches its stack file."
HOSTILE = [
    "a\rb",
    "a\r\nb",
    "a\n\nb",
    "a\r\r# Heading",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "a\x1b[31mb",
    "a\x00b",
    f"x\r```\r\r{FORGED}\r\r```diff\r",
    f"x\n```\n\n{FORGED}\n\n```diff\n",
    f"x\n````\n{FORGED}\n````\n",
    f"x\n~~~\n{FORGED}\n~~~",
    "`",
    "``",
    "```",
    "````",
    "` a",
    "a `",
    "`a` **b** `c`",
    "``` mermaid",
    "a`b``c```d",
    "~~~",
    "~~a~~",
    "</details>",
    "</details>\n\n# x",
    "<details open>",
    "<summary>",
    "<!-- x -->",
    "-->",
    "<script>alert(1)</script>",
    "<img src=x>",
    "<a href='https://evil.example'>x</a>",
    "&lt;b&gt;",
    "&#60;b>",
    "<b",
    "<https://evil.example>",
    "<x@evil.example>",
    "https://evil.example/x",
    "HTTP://evil.example",
    "www.evil.example",
    "WWW.evil.example",
    "x@evil.example",
    "ftp://evil.example",
    "xmpp:x@evil.example/y",
    "mailto:x@evil.example",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "[x]: https://evil.example",
    "[^1]",
    "- [x] done",
    "[x][y]",
    r"\[x](y)",
    "a|b",
    r"a\|b",
    r"a\\|b",
    "|",
    r"\|",
    "||",
    "a|b|c|d|e|f",
    "| --- | --- |",
    "\\",
    "a\\",
    "\\\\",
    "# x",
    "> [!CAUTION]",
    "> x",
    "- x",
    "+ x",
    "* x",
    "1. x",
    "1) x",
    "---",
    "===",
    "***",
    "___",
    "    x",
    "\tx",
    "**x**",
    "__x__",
    "*x*",
    "_x_",
    "$x$",
    "$$x$$",
    "@team",
    "a @team b",
    "#12",
    "GH-12",
    "owner/store#12",
    '"]-->x',
    '"];click r0 "https://evil.example"',
    '%%{init: {"theme": "dark"}}%%',
    "end",
    "subgraph x",
    "#quot;",
    "`**x**`",
    "\u202etxet",
    "a\u200bb",
    "\ufeffx",
    "",
    " ",
    "\t",
    "x" * 5000,
    "a\ud800b",
]
_OPTIONS = Options.CMARK_OPT_UNSAFE


class Elements(HTMLParser):
    """The elements of a page in order, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.outside_code: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append(f"<{tag} {sorted(attributes)}>")
        self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"</{tag}>")
        if tag in self._within:
            self._within.remove(tag)

    def handle_comment(self, data: str) -> None:
        self.seen.append("<!-->")

    def handle_data(self, data: str) -> None:
        if not {"code", "pre"} & set(self._within):
            self.outside_code.append(data)


def rendered(text: str) -> Elements:
    html = cmarkgfm.github_flavored_markdown_to_html(text.encode("utf-8", "replace").decode(), _OPTIONS)
    found = Elements()
    found.feed(html)
    return found


def preview(word: str) -> Preview:
    """A preview with the word in every place that others can write to."""

    def repository(name: str, **body: Any) -> dict[str, Any]:
        return {"kind": "repository", "format": word, "type": word, "name": name, "body": body}

    def step(
        operation: str, name: str, old: Any, new: Any, outputs: Any = None, kind: str = "Repository"
    ) -> dict[str, Any]:
        urn = f"urn:pulumi:staging::repository-store::pulumi-python:dynamic/nexus:{kind}::{name}"
        found: dict[str, Any] = {"op": operation, "urn": urn}
        for key, inputs in (("oldState", old), ("newState", new)):
            if inputs is not None:
                found[key] = {
                    "type": "x",
                    "inputs": inputs,
                    "outputs": outputs if key == "oldState" and outputs else inputs,
                }
        return found

    was = repository("drifted", note="applied", members=["one"])
    steps = [
        step("create", "made", None, repository(word, **{word or "key": word})),
        step("update", "changed", repository(f"changed {word}", note="a"), repository(f"changed {word}", note=word)),
        step("delete", "gone", repository(f"gone {word}", storage={"blobStoreName": word}), None),
        step("refresh", "drifted", was, repository("drifted", note=word, members=["one", word])),
        step("update", "drifted", repository("drifted", note=word, members=["one", word]), was),
        step("create", "store", None, {"kind": "blobStore", "name": word, "body": {"path": word}}, kind="BlobStore"),
    ]
    steps[3]["oldState"], steps[3]["newState"] = step("x", "x", was, was)["oldState"], steps[4]["oldState"]
    return Preview.parse(
        {
            "steps": steps,
            "diagnostics": [
                {"severity": "warning", "message": f"warning: look {word}"},
                {"severity": "warning", "message": word},
            ],
            "policies": [
                {
                    "policyName": f"rule {word}",
                    "resourceUrn": f"urn:pulumi:staging::p::t::{word}",
                    "message": f"Description.\n{message}",
                    "enforcementLevel": level,
                }
                for level in ("mandatory", "advisory")
                for message in (f"the role {word} has {word}", f"{word} is bad")
            ],
        }
    )


def active(hostile: str) -> list[str]:
    """The elements that a value adds to a report."""
    text = report(preview(hostile), "staging")
    page, harmless = rendered(text), rendered(report(preview(WORD), "staging"))
    found = [element for element in page.seen if element.startswith(("<a ", "<img", "<script", "<h1", "<input"))]
    if "\r" in text or (hostile.strip() and page.seen != harmless.seen):
        found.append("the elements are not those of the harmless report")
    # GitHub also turns text outside of code into mentions and references.
    return found + re.findall(r"(?<!\w)@\w|#\d|GH-\d|://|www\.", "".join(page.outside_code))


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: json.dumps(value)[:40])
def test_a_hostile_value_stays_text(hostile: str) -> None:
    assert active(hostile) == []


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: json.dumps(value)[:40])
def test_the_diagram_has_no_additional_lines_or_directives(hostile: str) -> None:
    lines = chart(hostile)
    assert not hostile.strip() or len(lines) == len(chart(WORD))
    for each in lines:
        outside = re.sub(r'"[^"]*"', "", each)
        assert '"' not in outside
        assert not re.search(r"%%|;|\bclick\b|://", outside)
        assert not re.search(r"%|`|\\|[;\]](?<!\d;)", "".join(re.findall(r'"([^"]*)"', each)))


def chart(word: str) -> list[str]:
    found = re.search(r"^(`{3,})mermaid\n(.*?)\n\1$", report(preview(word), "staging"), re.DOTALL | re.MULTILINE)
    return found[2].splitlines() if found else []


def test_there_are_at_least_sixty_hostile_values() -> None:
    assert len(set(HOSTILE)) >= 60


def test_a_stack_name_cannot_end_the_hidden_line() -> None:
    assert marker("x --> y\n# z") == "<!-- repository-store preview of x-y-z -->"
