"""What every command of ./store has in common: its messages, its options and where it prints."""

import json
import os
import re
import subprocess
import tomllib

import pytest

from tests.commands.cli.project import ROOT, Project

MAKEFILE = (ROOT / "Makefile").read_text()


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """As a person types it, though `make check` runs this."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_make_alone_lists_what_a_person_types_and_runs_nothing() -> None:
    done = make()
    listed = re.findall(r"^    make ([a-z-]+) +\S", done.stdout, re.M)
    assert done.returncode == 0, done.stderr
    tasks = set(re.findall(r"^\|.*`make ([a-z-]+)", (ROOT / "README.md").read_text(), re.M))
    assert tasks <= set(listed) <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))


@pytest.mark.parametrize(
    ("variable", "fix"),
    [("stack=docs", "STACK=docs"), ("YESS=1", "YES=1"), ("Secrets=1", "SECRETS=1"), ("it's;exit=1", "=1")],
)
def test_make_refuses_an_unknown_variable_and_names_the_nearest(variable: str, fix: str) -> None:
    done = make("-n", "down", variable)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "unknown variable. Fix: " in line
    assert fix in line


def test_make_knows_every_variable_that_it_or_a_page_uses() -> None:
    known = set(re.split(r"[\s\\]+", MAKEFILE.split("KNOWN = ")[1].split("GIVEN :=")[0])) - {""}
    own = {"KNOWN", "GIVEN", "UNKNOWN", "NEAREST", "ON", "CONFIRMED", "NOT_WAITING", "AS_JSON", "MAKE"}
    recipes = set(re.findall(r"\$\((?:if \$\()?([A-Z_]{2,})\)", MAKEFILE)) - own
    pages = "\n".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    typed = {
        name
        for line in re.findall(r"make [a-z-]+((?: [A-Z_]+=[^ `|]*)+)", pages)
        for name in re.findall(r"[A-Z_]+(?==)", line)
    }
    assert recipes | typed <= known


def test_the_version_is_that_of_the_project() -> None:
    done = subprocess.run(["./store", "--version"], cwd=ROOT, capture_output=True, text=True, check=True)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert done.stdout == f"repository-store {version}\n"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("./store lim", ["limits"]), ("./store up --stack prod", ["production"]), ("./store up --pl", ["--plan"])],
)
def test_bash_completes_commands_options_and_stacks(typed: str, found: list[str]) -> None:
    words = typed.split()
    script = f"""
        eval "$(./store completion bash)"
        COMP_WORDS=({typed}) COMP_CWORD={len(words) - 1}
        "$(complete -p store | sed 's/.*-F \\([^ ]*\\).*/\\1/')" {words[0]}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == found, done.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_ask_the_file_that_was_typed(shell: str) -> None:
    """The shells themselves are no part of the tests; the scripts were run in zsh 5.9 and fish 3.6."""
    done = subprocess.run(["./store", "completion", shell], cwd=ROOT, capture_output=True, text=True, check=True)
    typed = {"zsh": "_STORE_COMPLETE=complete_zsh ${words[1]})", "fish": '(commandline -opc)[1]"'}
    assert typed[shell] in done.stdout
    assert not re.search(r" store[)\"]", done.stdout)


def test_doctors_rows_as_values(project: Project) -> None:
    done = project.run("doctor", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert (found["stack"], found["ok"]) == ("local", False)
    rows = {check["name"]: check for check in found["checks"]}
    assert rows["stack local"] == {
        "name": "stack local",
        "ok": False,
        "detail": "not created yet",
        "fix": "make up STACK=local",
    }
    assert rows["lock"]["ok"]


@pytest.mark.parametrize("asking", [("--refresh",), ("--plan", "p.plan.json")], ids=lambda each: each[0])
def test_a_report_without_the_server_is_none_with_a_question_to_it(asking: tuple[str, ...]) -> None:
    command = ["./store", "preview-report", "--without-server", *asking]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"--without-server: not with {asking[0]}, which asks the server")


def test_a_result_for_programs_is_not_mixed_with_a_question() -> None:
    command = ["./store", "storage", "--json", "--clean"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("--json: not with --clean")


def test_the_json_documents_have_the_keys_that_are_described() -> None:
    page = (ROOT / "docs" / "json.md").read_text()
    sources = ("cli/events/changes.py", "cli/storage/report.py", "cli/commands/limits.py", "cli/commands/storage.py")
    text = "\n".join((ROOT / name).read_text() for name in sources)
    keys = {*re.findall(r'"([a-z]+[A-Za-z]*)":', text), "additions", "administrators", "objects", "undeclared"}
    undescribed = sorted(key for key in keys if not re.search(rf"[`.\[]{key}[`\[]", page))
    assert not undescribed, f"docs/json.md lacks: key {', '.join(undescribed)}"
    described = set(re.findall(r"[A-Za-z]+", " ".join(re.findall(r"^\| (`[^|]+) \|", page, re.M))))
    gone = sorted(key for key in described - {"additions", "undeclared"} if not re.search(rf'"{key}"|\b{key}=', text))
    assert not gone, f"docs/json.md names what does not exist: key {', '.join(gone)}"


@pytest.mark.parametrize("command", ["preview", "doctor", "backup"])
def test_a_wrong_stack_file_is_answered_with_commands_of_the_script(project: Project, command: str) -> None:
    file = project.stack_file("trial")
    file.write_text("config:\n  repository-store:docker: {host: 'tcp://1.2.3.4:2375'}\n")
    done = project.run(command, "--stack", "trial")
    assert "./store pulumi config set --stack trial --path docker.host VALUE" in done.stdout + done.stderr
