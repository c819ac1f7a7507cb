"""A missing Pulumi is built from Go modules, from empty caches or continuing an interrupted build."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.doctor.engine import Engine
from cli.doctor.machine import built_here
from cli.errors import CommandError
from cli.machine import go
from cli.machine.cache import FILES, finished
from cli.machine.toolchain import Pulumi, _name, ensure_pulumi, pulumi_steps
from cli.stack.stack import Stack
from lab.toolchain.parts import COMMAND, DOCKER, PARTS, TLS

# Has no sources of a module until `go mod download` has run, like the real one with an empty cache.
GO = """#!/bin/sh
echo "$(basename "$PWD") $*" >>"$PLAYED/log"
case "$*" in
"env GOVERSION") echo go1.99.0 ;;
"mod download "*) touch "$PLAYED/fetched" ;;
"list -m -f {{.Version}} "*) echo v3.0.0 ;;
"list -m -f {{.Dir}} "*) [ ! -e "$PLAYED/fetched" ] || echo "$PLAYED/sources" ;;
"version -m "*) find "$3" -type f -printf '%p: go1.99.0\n\tpath\tmain\n\tdep\tdomain.org/a\tv1.0.0\th1:AAAA\n' ;;
"build "*)
    [ "$(basename "$PWD")" != "$(cat "$PLAYED/broken" 2>/dev/null)" ] || { echo 'no space left on device' >&2; exit 1; }
    while [ "$1" != -o ]; do shift; done
    mkdir -p "$(dirname "$2")" && echo "built in $(basename "$PWD")" >"$2" && chmod +x "$2" ;;
esac
"""
SOURCES = (
    "internal/provider/resource_docker_network_funcs.go",
    "internal/provider/resource_docker_volume.go",
    "python/cmd/pulumi-language-python-exec",
    "python/dist/pulumi-resource-pulumi-python",
)


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without Pulumi and with a fake Go, and an empty cache."""
    program(tmp_path / "bin" / "go", GO)
    for name in SOURCES:
        file = tmp_path / "sources" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\tRefreshDelay:   1,\n\tRefreshDelay = 2 * time.Second\n")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PLAYED", str(tmp_path))
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path / "cache"))
    go.the_go.cache_clear()
    return tmp_path


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def built(played: Path) -> Sequence[str]:
    """The modules that were built since the last call."""
    log = played / "log"
    lines = log.read_text().splitlines()
    log.write_text("")
    return sorted(line.split()[0] for line in lines if line.split()[1] == "build")


def test_a_published_pulumi_on_path_is_used(played: Path) -> None:
    program(played / "bin" / "pulumi", "#!/bin/sh\n")
    assert ensure_pulumi() == Pulumi()
    assert not (played / "log").exists()


def test_the_toolchain_has_pulumis_layout(played: Path) -> None:
    pulumi = ensure_pulumi()
    assert pulumi.home
    root = pulumi.home.parent
    assert pulumi.path_entries == (root / "bin",)
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.name != ".files.json"}
    stated = {name for name in found if name.startswith("provenance/")}
    assert stated == {
        f"provenance/{part.module.name}.{ending}" for part in PARTS for ending in ("intoto.json", "cdx.json")
    }
    assert found - stated == {
        "bin/pulumi",
        "bin/pulumi-language-python",
        "bin/pulumi-language-python-exec",
        "bin/pulumi-resource-pulumi-python",
        "home/logs",
        f"home/plugins/resource-command-v{COMMAND}/pulumi-resource-command",
        f"home/plugins/resource-docker-v{DOCKER}/pulumi-resource-docker",
        f"home/plugins/resource-tls-v{TLS}/pulumi-resource-tls",
    }
    for launcher in ("pulumi-language-python-exec", "pulumi-resource-pulumi-python"):
        assert os.access(root / "bin" / launcher, os.X_OK)
    assert built(played) == sorted(part.module.name for part in PARTS)
    assert ensure_pulumi() == pulumi
    assert pulumi_steps() == []


def test_an_interrupted_build_continues_with_the_missing_parts(played: Path) -> None:
    (played / "broken").write_text("resource-docker")
    with pytest.raises(CommandError, match=rf"^Docker plugin {DOCKER}: it failed"):
        ensure_pulumi()
    assert "resource-docker" in built(played)
    (played / "broken").unlink()
    ensure_pulumi()
    again = built(played)
    assert "resource-docker" in again
    assert not {"pulumi-cli", "resource-tls"} & set(again)


def test_a_damaged_plugin_is_installed_again(played: Path) -> None:
    pulumi = ensure_pulumi()
    built(played)
    assert pulumi.home
    plugin = pulumi.home / "plugins" / f"resource-tls-v{TLS}" / "pulumi-resource-tls"
    plugin.write_text("")
    assert finished(pulumi.home.parent.name) is None
    ensure_pulumi()
    assert plugin.read_text() == "built in resource-tls\n"
    assert built(played) == ["resource-tls"]


def test_an_altered_plugin_is_found_and_the_command_builds_it_again(
    played: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By somebody who keeps its size and time: that is all that the cache itself looks at."""
    home = ensure_pulumi().home
    assert home
    stack, wanted = Stack("trial"), f"home/plugins/resource-tls-v{TLS}/pulumi-resource-tls"
    (row,) = built_here(stack, Engine(stack))
    assert (row.what, row.detail, row.fix) == ("provenance", "5 statements name what is deployed", "")
    plugin = home.parent / wanted
    plugin.write_bytes(plugin.read_bytes()[::-1])
    assert ensure_pulumi().home == home
    (row,) = built_here(stack, Engine(stack))
    assert row.detail == f"altered after it was built: {wanted}"
    remove, up = row.fix.split("; ")
    assert up == "make up STACK=trial"
    subprocess.run(remove, shell=True, check=True)
    built(played)
    ensure_pulumi()
    assert built(played) == ["resource-tls"]
    assert next(built_here(stack, Engine(stack))).fix == ""


def test_a_statement_of_programs_names_their_modules(played: Path) -> None:
    home = ensure_pulumi().home
    assert home
    (file,) = home.parent.glob("provenance/pulumi-cli.intoto.json")
    definition = json.loads(file.read_text())["predicate"]["buildDefinition"]
    found = {each.get("uri") or each["name"]: each.get("digest") for each in definition["resolvedDependencies"]}
    assert found["pkg:golang/domain.org/a@v1.0.0"] == {"dirHash": "000000"}
    assert {"pkg:golang/stdlib@1.99.0", "lab/toolchain/pulumi-cli/go.sum", "lab/toolchain/parts.py"} <= found.keys()


def test_a_pulumi_of_an_earlier_version_stays_and_has_no_statements(played: Path) -> None:
    home = ensure_pulumi().home
    assert home
    for folder in (home.parent, *(finished(_name(part)) for part in PARTS)):
        assert folder
        shutil.rmtree(folder / "provenance")
        files = json.loads((folder / FILES).read_text())
        kept = {name: size for name, size in files.items() if not name.startswith("provenance")}
        (folder / FILES).write_text(json.dumps(kept))
    assert pulumi_steps() == []
    stack = Stack("trial")
    (row,) = built_here(stack, Engine(stack))
    assert (
        "0 statements name what is deployed; built by an earlier version, without a statement: bin/pulumi, "
        in row.detail
    )
    assert row.fix == ""


def test_without_go_the_pinned_one_is_installed_first(played: Path) -> None:
    (played / "bin" / "go").unlink()
    steps = pulumi_steps()
    assert steps[0].name == go.STEP
    assert all(go.STEP in step.after for step in steps[1:-1])


def test_an_outdated_go_is_ignored(played: Path) -> None:
    program(played / "bin" / "go", "#!/bin/sh\necho go1.22.1\n")
    assert pulumi_steps()[0].name == go.STEP
