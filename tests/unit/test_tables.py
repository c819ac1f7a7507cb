"""What the code has, its page describes, and the other way round: a row of TABLES for each table of the docs.

Outputs, whose types and order matter too, are compared in stacks/test_outputs.py.
"""

import ast
import re
import textwrap
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import typer.core
import typer.main
import yaml
from pydantic import BaseModel

from cli.__main__ import app
from policy.rules import RULES
from stacks.settings import Settings
from stacks.tls_settings import TlsSettings
from stacks.topology.sections import SECTIONS
from tests.unit.test_docs import FENCE, PAGES, ROOT, text_of, tracked

WITHOUT_TARGET = {"pulumi", "completion"}
"""Commands that make does not have: it cannot pass their arguments on, or a shell evaluates what they print."""
PAGE_OF = {
    "clients": "docs/clients.md",
    "maintenance": "docs/storage.md",
    "monitoring": "docs/monitoring.md",
    "backup": "docs/backups.md",
    "nexus.database": "docs/database.md",
    "imageSignatures": "docs/environments.md",
}
"""The sections of a stack file that have a page; docs/settings.md has the rest."""
CASES = "tests/integration/programs/monitoring/test_alerts.py"


@dataclass(frozen=True)
class Table:
    """A file that has to name all that the code has, and nothing else."""

    page: str
    what: str
    has: Callable[[], Collection[str]]
    names: Callable[[], Collection[str]]

    def missing(self) -> str:
        """What the file lacks, as a message; empty if nothing."""
        found = sorted(set(self.has()) - set(self.names()))
        return f"{self.page} has no row for: {self.what} {', '.join(found)}" if found else ""

    def invented(self) -> str:
        """What the file names although the code does not have it, as a message; empty if nothing."""
        found = sorted(set(self.names()) - set(self.has()))
        return f"{self.page} names what does not exist: {self.what} {', '.join(found)}" if found else ""


def section(page: str, heading: str) -> str:
    """The text below a heading, up to the next one of its level; below the title, up to the next one of any level."""
    level = heading.partition(" ")[0]
    found = re.search(
        rf"^{re.escape(heading)}.*?\n(.*?)(?=^#{{2,{max(2, len(level))}}} |\Z)", text_of(page), re.M | re.S
    )
    assert found, f"{page} has no heading {heading!r}"
    return found[1]


def code_in(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def first_column(page: str, heading: str = "# ") -> list[str]:
    """The cells of the first column of a section's first table, without its head."""
    table = re.search(r"^\|[-| ]+\|\n((?:\|.*\n?)+)", section(page, heading), re.M)
    assert table, f"{page} has no table under {heading!r}"
    return [row.split("|")[1].strip() for row in table[1].splitlines()]


def keys(page: str, heading: str = "# ") -> Callable[[], list[str]]:
    """What is code in the first column."""
    return lambda: [key for cell in first_column(page, heading) for key in code_in(cell)]


def of_lines(file: str, pattern: str) -> Callable[[], list[str]]:
    return lambda: re.findall(pattern, text_of(file), re.M)


def commands() -> set[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return set(group.commands)


def commands_in_readme() -> set[str]:
    """Also targets of make that have a command's name."""
    readme = text_of("README.md")
    code = "\n".join([*code_in(readme), *re.findall(r"^```sh\n(.*?)^```", readme, re.M | re.S)])
    return set(re.findall(r"\./store ([a-z][a-z-]*)", code)) | (set(re.findall(r"make ([a-z-]+)", code)) & commands())


def alerts() -> set[str]:
    rules = yaml.safe_load(text_of("cli/monitoring/repository-store.rules.yaml"))
    return {rule["alert"] for group in rules["groups"] for rule in group["rules"]}


def rows_of_doctor() -> set[str]:
    """The first argument of each Finding, without what differs between stacks."""
    return {
        row
        for file in (ROOT / "cli/doctor").glob("*.py")
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef)
        for row in _rows(function)
    }


def _rows(function: ast.FunctionDef) -> Iterator[str]:
    nodes = list(ast.walk(function))
    assigned = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
    for call in nodes:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Finding":
            what = assigned.get(ast.unparse(call.args[0]), call.args[0])
            first = what.values[0] if isinstance(what, ast.JoinedStr) else what
            yield ast.literal_eval(first).strip()


def rows_with_a_test() -> set[str]:
    """The rows that a test of doctor looks up, on a double or after a fault of a running store."""
    files = [*ROOT.glob("tests/unit/cli/doctor/*.py"), *ROOT.glob("tests/e2e/store/test_doctor.py")]
    files += [ROOT / "tests/e2e/store/faults.py", ROOT / "tests/e2e/store/test_licence.py"]
    lookups = (ast.Subscript, ast.Tuple, ast.Set, ast.Compare)
    words = {
        node.value
        for file in files
        for lookup in ast.walk(ast.parse(file.read_text()))
        if isinstance(lookup, lookups)
        for node in ast.iter_child_nodes(lookup)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {row for row in rows_of_doctor() if any(word == row or word.startswith(f"{row} ") for word in words)}


def modes() -> dict[str, type[BaseModel]]:
    models = [typing.get_args(each)[0] for each in typing.get_args(typing.get_args(TlsSettings)[0])]
    return {typing.get_args(model.model_fields["mode"].annotation)[0]: model for model in models}


def modes_with_a_test() -> set[str]:
    """The modes in which a store of the tier tls is deployed; the default one needs no setting."""
    text = "\n".join(file.read_text() for file in ROOT.glob("tests/integration/tls/*.py"))
    return {"selfSigned", *re.findall(r'"tls\.mode", "(\w+)"', text)}


Path = tuple[str, ...]
"""A key of a stack file; `*` stands for a name that the user chooses."""


def paths(model: type[BaseModel], above: Path = ()) -> Iterator[Path]:
    """The keys of a model and of the models in it, those that hold others before them."""
    for field in model.model_fields.values():
        path = (*above, str(field.alias))
        yield path
        yield from _inside(field.annotation, path)


def _inside(annotation: Any, path: Path) -> Iterator[Path]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from paths(annotation, path)
    elif typing.get_origin(annotation) is Mapping:
        yield (*path, "*")
        yield from _inside(typing.get_args(annotation)[1], (*path, "*"))
    else:
        for each in typing.get_args(annotation):
            yield from _inside(each, path)


EVERY_PATH = {path for path in paths(Settings) if path[0] != "topology"} | {("topology",)}


def leaves(prefix: str) -> set[str]:
    """The keys below one that hold no others, as pages write them: without the names that a user chooses."""
    inner = {path[:length] for path in EVERY_PATH for length in range(len(path)) if path[-1] != "*"}
    texts = {".".join(word for word in path if word != "*") for path in EVERY_PATH - inner}
    return {text for text in texts if text.startswith(f"{prefix}.")}


def settings_of_nginx() -> set[str]:
    return {key.removeprefix("nginx.") for key in leaves("nginx")}


def settings_without_page() -> set[str]:
    """The keys for docs/settings.md: all at the top, and those of `nexus` and `docker`."""
    top = {path[0] for path in EVERY_PATH} - {"nexus", "docker"}
    server = {key for key in leaves("nexus") if not key.startswith("nexus.database.")}
    return top | server | leaves("docker") | {"nexus.database"}


def settings_of_the_table() -> list[str]:
    tables = ("# ", "## Nexus in a container", "## An external Nexus")
    return [key for heading in tables for key in keys("docs/settings.md", heading)()]


def described(page: str, keys: Collection[str], heading: str = "") -> set[str]:
    """Those of the keys whose last word is code on the page; `test_every_setting_exists` looks for others."""
    text = section(page, heading) if heading else text_of(page)
    blocks = [*FENCE.findall(text), *re.findall(r"^    .*", text, re.M)]
    words = set(re.findall(r"[\w-]+", " ".join([*code_in(text), *blocks])))
    return {key for key in keys if key.rpartition(".")[2] in words}


def of_page(prefix: str, page: str) -> Table:
    has = leaves(prefix)
    return Table(page, "setting", lambda: has, lambda: described(page, has))


def of_mode(mode: str, model: type[BaseModel]) -> Table:
    page, has = "docs/certificates.md", {".".join(path) for path in paths(model) if path[-1] not in ("*", "mode")}
    return Table(page, f"setting of {mode}", lambda: has, lambda: described(page, has, f"## {mode}"))


def folders() -> set[str]:
    return {file.partition("/")[0] for file in tracked("*.py", "*.go") if "/" in file and file[0] != "."}


def folders_in_readme() -> set[str]:
    return {key.removesuffix("/") for key in keys("README.md", "## Where things are")() if key.endswith("/")} - {"docs"}


TABLES = [
    Table("README.md", "command", commands, commands_in_readme),
    Table("README.md", "folder", folders, folders_in_readme),
    Table("Makefile", "target", lambda: commands() - WITHOUT_TARGET, of_lines("Makefile", r"^\t\./store ([a-z-]+)")),
    Table("docs/previews.md", "policy", lambda: {rule.name for rule in RULES}, keys("docs/previews.md", "## Policies")),
    Table(
        "docs/doctor.md", "row of doctor", rows_of_doctor, lambda: ", ".join(first_column("docs/doctor.md")).split(", ")
    ),
    Table("tests/unit/cli/doctor", "row of doctor", rows_of_doctor, rows_with_a_test),
    Table("docs/monitoring.md", "alert", alerts, of_lines("docs/monitoring.md", r"^### (Store\w+)$")),
    Table(CASES, "alert", alerts, of_lines(CASES, r'^ {4}"(Store\w+)": \(')),
    Table("docs/certificates.md", "TLS mode", modes, keys("docs/certificates.md")),
    Table("tests/integration/tls", "TLS mode", modes, modes_with_a_test),
    Table("docs/topology.md", "section", lambda: SECTIONS, keys("docs/topology.md", "## Sections")),
    Table("docs/settings.md", "setting", settings_without_page, settings_of_the_table),
    Table("docs/nginx.md", "setting", settings_of_nginx, keys("docs/nginx.md", "## Settings")),
    *(of_page(prefix, page) for prefix, page in PAGE_OF.items()),
    *(of_mode(mode, model) for mode, model in modes().items()),
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.page} {table.what}")
def test_a_page_names_all_that_there_is_and_nothing_else(table: Table) -> None:
    assert table.has(), "nothing to look for"
    problems = table.missing() or table.invented()
    assert not problems, problems


def test_a_missing_and_an_invented_row_are_named() -> None:
    table = Table("docs/x.md", "policy", lambda: ["audit", "tls-floor"], lambda: ["audit", "gone"])
    assert table.missing() == "docs/x.md has no row for: policy tls-floor"
    assert table.invented() == "docs/x.md names what does not exist: policy gone"


def named_settings(page: str) -> set[Path]:
    """The keys of stack files in a page's commands and blocks of YAML."""
    text = text_of(page)
    typed = re.findall(r"--path '?([\w.\[\]-]+)", text) + re.findall(r"--set '?([\w.]+)=", text)
    typed += [pair.partition("=")[0] for pairs in re.findall(r'\bSET="([^"]*)"', text) for pair in pairs.split()]
    found = {tuple(re.sub(r"\[\d+\]", "", key).split(".")) for key in typed if not key.isupper()}
    blocks = re.findall(r"^( *)repository-store:(\w+):(.*\n(?:\1 +.*\n|\n)*)", text, re.M)
    for indent, key, value in blocks:
        found |= set(_written(yaml.safe_load(textwrap.dedent(f"{indent}{key}:{value}"))))
    return found


def _written(value: Any, above: Path = ()) -> Iterator[Path]:
    """The keys of a mapping, and of those in it."""
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        yield (*above, str(key))
        yield from _written(inner, (*above, str(key)))


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith(("README", "docs/"))])
def test_every_setting_exists(page: str) -> None:
    gone = sorted(".".join(path) for path in named_settings(page) if path[0] not in SECTIONS and not _exists(path))
    assert not gone, f"{page} names what does not exist: setting {', '.join(gone)}"


def _exists(path: Path) -> bool:
    return any(
        len(known) == len(path) and all(word in ("*", given) for word, given in zip(known, path, strict=True))
        for known in EVERY_PATH
    )


def test_settings_are_read_from_a_page() -> None:
    named = {".".join(path) for path in named_settings("docs/certificates.md")}
    assert {"tls.eab.kid", "tls.privateKey", "tls.dnsEnvironment.CF_DNS_API_TOKEN"} <= named
    assert (_exists(("tls", "eab", "hmac")), _exists(("tls", "eab", "key"))) == (True, False)
