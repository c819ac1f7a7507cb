"""The modules of Go programs, from the build information that Go puts into them."""

import os
import re
import subprocess
from functools import cache
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License
from packageurl import PackageURL

from cli.machine import go
from cli.machine.materials import h1_in_hexadecimal, modules_in
from cli.machine.progress import run_steps
from cli.machine.toolchain import Pulumi
from tools.sbom.licences import licences, recognised

_PLUGINS = ("command", "docker", "tls")
_PROGRAMS = ("pulumi", "pulumi-language-python")


def pulumi_programs(pulumi: Pulumi) -> list[Component]:
    """The CLI, the language host and the plugins that deploy stacks here."""
    home = pulumi.home or Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    path = os.pathsep.join([*map(str, pulumi.path_entries), os.environ.get("PATH", "")])
    files = [found for name in _PROGRAMS for found in _on(path, name)]
    for name in _PLUGINS:
        files += sorted(home.glob(f"plugins/resource-{name}-v*/pulumi-resource-{name}"))
    return [made for file in files if (made := go_program(file, file.name))]


def go_program(file: Path, name: str) -> Component | None:
    """The program with its modules; None when it was not built by Go."""
    run_steps(go.go_steps())
    command: list[str | Path] = [go.the_go().program, "version", "-m", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return program_of(done.stdout, name) if done.returncode == 0 and "\tpath\t" in done.stdout else None


def program_of(output: str, name: str) -> Component:
    """The program, from the output of `go version -m`."""
    compiler = re.search(r": go(\d[\w.]*)", output)
    modules = [_module(*found, name) for found in modules_in(output)]
    if compiler:
        modules.append(_module("stdlib", compiler[1], "", name))
    return Component(
        name=name,
        type=ComponentType.APPLICATION,
        scope=ComponentScope.REQUIRED,
        bom_ref=f"program:{name}",
        components=modules,
    )


def _module(path: str, version: str, h1: str, program: str) -> Component:
    group, _, name = path.rpartition("/")
    purl = PackageURL("golang", namespace=group or None, name=name, version=version or None)
    return Component(
        name=path,
        version=version or None,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=f"program:{program}#{purl.to_string()}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=h1_in_hexadecimal(h1))] if h1 else [],
        licenses=_licences(path, version),
    )


@cache
def _licences(path: str, version: str) -> list[License]:
    """From the licence file in the module cache, if the module is still there."""
    if path == "stdlib":
        return licences("BSD-3-Clause")
    escaped = re.sub("[A-Z]", lambda letter: f"!{letter[0].lower()}", f"{path}@{version}")
    for file in sorted((_module_cache() / escaped).glob("*")):
        if file.is_file() and re.match(r"(?i)(licen[cs]e|copying)", file.name):
            return licences(*recognised(file.read_text(encoding="utf-8", errors="replace")))
    return []


@cache
def _module_cache() -> Path:
    command: list[str | Path] = [go.the_go().program, "env", "GOMODCACHE"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def _on(path: str, name: str) -> list[Path]:
    return [file for folder in path.split(os.pathsep) if (file := Path(folder) / name).is_file()][:1]
