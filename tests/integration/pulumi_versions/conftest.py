"""Pulumi as somebody has it who installed another version: on PATH, with a home of its own and no plugins."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.machine.toolchain import ensure_built_pulumi
from tests.integration.provider.conftest import journals, playing, published_api, stand_in
from tests.integration.provider.play import ADMIN, FIRST, Play
from tests.support.tools import OTHER_PULUMIS, other_pulumi

__all__ = ["journals", "playing", "published_api", "stand_in"]


@pytest.fixture(scope="session", params=OTHER_PULUMIS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def toolchain(version: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the published archive: the CLI beside the language host, which is the pinned one."""
    folder, pinned, other = tmp_path_factory.mktemp("installed"), ensure_built_pulumi(), other_pulumi(version)
    (folder / "home").mkdir()
    (folder / "bin").mkdir()
    for program in [other / "pulumi", other / "pulumi-analyzer-policy-python", *(pinned / "bin").glob("pulumi-*")]:
        (folder / "bin" / program.name).symlink_to(program)
    _replace_host(folder / "bin" / "pulumi-language-python")
    return folder


def _replace_host(host: Path) -> None:
    """Starts the host without `-toolchain=pip`, an option of Pulumi.yaml that it is too old for.

    The CLI 3.203.0 passes these options as flags (buildArgsForNewPlugin of its SDK). Whether the host in its archive
    knows this one was not looked up.
    """
    pinned = host.resolve()
    host.unlink()
    host.write_text(
        f"""#!/bin/sh
for each; do
    shift
    case $each in -toolchain=*) ;; *) set -- "$@" "$each" ;; esac
done
exec {pinned} "$@"
"""
    )
    host.chmod(0o755)


@pytest.fixture
def environment(toolchain: Path, version: str) -> Iterator[None]:
    """The environment of that user."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PULUMI_")]:
            patch.delenv(name)
        patch.setenv("PATH", str(toolchain / "bin"), prepend=os.pathsep)
        patch.setenv("PULUMI_HOME", str(toolchain / "home"))
        assert subprocess.check_output(["pulumi", "version"], text=True).strip() == f"v{version}"
        yield


@pytest.fixture
def theirs(playing: Callable[..., Play]) -> Iterator[Play]:
    """A Nexus that runs already, whose administrator has changed the password."""
    with playing() as play:
        play.external = True
        play.change_password(FIRST, ADMIN)
        yield play
