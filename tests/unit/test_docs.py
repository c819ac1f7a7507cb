"""Files, headings, make targets and commands of ./store in the docs exist."""

import re
import subprocess
from pathlib import Path

import pytest
import typer.core
import typer.main

from cli.__main__ import app

ROOT = Path(__file__).parents[2]


def tracked(*patterns: str) -> list[str]:
    """The files that git has."""
    command = ["git", "ls-files", *patterns]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


PAGES = tracked("*.md", ":!tests/unit/reports")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?!https?:|mailto:)([^)\s]+)\)")
MAKE = re.compile(r"(?:^|[`;&|] ?|sudo )make ([a-z][a-z0-9-]*)", re.MULTILINE)
STORE = re.compile(r"\./store ([a-z][a-z-]*)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead(page: str) -> list[str]:
    found = []
    for link in LINK.findall(FENCE.sub("", text_of(page))):
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_link_has_a_target(page: str) -> None:
    assert dead(page) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", text_of("Makefile"), re.MULTILINE))
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    commands = set(group.commands)
    code = "\n".join(re.findall(r"`[^`\n]+`", text_of(page)) + FENCE.findall(text_of(page)))
    assert set(MAKE.findall(code)) - targets == set()
    assert set(STORE.findall(code)) - commands == set()


def test_every_page_of_the_docs_is_linked() -> None:
    linked = {
        (ROOT / page).parent.joinpath(link.partition("#")[0]).resolve()
        for page in PAGES
        for link in LINK.findall(text_of(page))
        if not link.startswith("#")
    }
    lost = [page for page in PAGES if page.startswith("docs/") and "/adr/" not in page and ROOT / page not in linked]
    assert not lost, f"README.md, or a page that it links to, has no link to {', '.join(lost)}"


def test_dead_links_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "a.md").write_text("# One thing\n[a](#one-thing) [b](#other) [c](gone.md) [d](https://x.org/gone)\n")
    assert dead("a.md") == ["#other", "gone.md"]
