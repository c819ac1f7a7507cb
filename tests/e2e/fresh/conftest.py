"""The machines of this tier. The first one starts cold; the others use its caches."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.e2e.fresh.handed_on import building, hand_on
from tests.e2e.fresh.machine import client_configuration, root_file_system
from tests.e2e.fresh.machine.machine import Machine, Workshop
from tests.e2e.fresh.store import FRESH_PROGRAMS

ROOT = Path(__file__).parents[3]
BUNDLE = "/srv/repository-store.bundle"
IMAGES = "/srv/images"
"""The archives of the first machine's images, NAME:TAG.tar."""
_LIST_IMAGES = "docker images --format '{{.Repository}}:{{.Tag}}' 'repository-store/*'"
CHECKOUT = "/root/repository-store"
CACHE = "/root/.cache/repository-store"
INSIDE = Path(__file__).parent / "inside"
Mount = tuple[str, str, str, str]

Say = Callable[[str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs the first machine's tests first: the others need its caches."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Say:
    """Prints a line at once, although pytest captures output."""
    terminal: Any = request.config.pluginmanager.get_plugin("terminalreporter")
    capturing: Any = request.config.pluginmanager.get_plugin("capturemanager")

    def line(text: str) -> None:
        with capturing.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(f"    {text}")

    return line


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder for the machines that is not on an overlay; removed at the end with everything in it."""
    missing = [
        program for program in FRESH_PROGRAMS if not shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    ]
    if os.geteuid() or missing:
        why = f"{', '.join(missing)} is missing: make tools" if missing else "only root can make a machine"
        pytest.exit(f"tests/e2e/fresh cannot run: {why}", returncode=1)
    opened = Workshop.opened()
    try:
        yield opened.folder
    finally:
        opened.close()


@dataclass(frozen=True)
class Layers:
    """The layers of a root file system: the bare Debian, and what a cold `make up` adds to it."""

    bare: Path
    home: Path
    """Only HOME, with its caches and the checkout."""
    system: Path
    """The packages that apt installed, with a Docker engine."""

    @property
    def cache(self) -> Path:
        return self.home / CACHE[1:]

    @property
    def prepared(self) -> tuple[Path, ...]:
        return (self.home, self.system, self.bare)

    @property
    def with_caches(self) -> tuple[Path, ...]:
        """Without a Docker engine."""
        return (self.home, self.bare)


@pytest.fixture(scope="session")
def bare(workshop: Path, say: Say) -> Path:
    """The bare root file system, with a bundle to clone the tested commit from."""
    folder = workshop / "bare"
    root_file_system.unpacked(root_file_system.archive(say), folder)
    client_configuration.copy_into(folder, "/root")
    _bundle(workshop, folder / BUNDLE[1:])
    return folder


def _bundle(workshop: Path, target: Path) -> None:
    """Bundles HEAD, or the commit that FRESH_COMMIT names."""
    commit = subprocess.check_output(
        ["git", "rev-parse", os.environ.get("FRESH_COMMIT", "HEAD")], cwd=ROOT, text=True
    ).strip()
    clone = workshop / "clone.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", "--shared", ROOT, clone], check=True)
    for arguments in (["symbolic-ref", "HEAD", "refs/heads/main"], ["update-ref", "refs/heads/main", commit]):
        subprocess.run(["git", "-C", clone, *arguments], check=True)
    subprocess.run(["git", "-C", clone, "bundle", "create", "--quiet", target, "HEAD", "main"], check=True)


class First:
    """The first machine, with cold caches. `up` and `down` run once, for the first test that needs them."""

    def __init__(self, machine: Machine, built: Callable[[], None]) -> None:
        self.machine = machine
        self._built = built
        self._outputs: dict[str, str | None] = {}

    def up(self) -> str:
        """Returns what `make up` printed, and passes on what it built, to the next machines and to this one.

        Raises:
            Failed: it did not exit with 0.
        """
        return self._once("make up", then=self._hand_on)

    def down(self) -> str:
        """The same for `make down YES=1`, after `up`: the tests push to the store."""
        self.up()
        return self._once("make down YES=1")

    def _hand_on(self) -> None:
        save = f'docker save --output "{IMAGES}/${{image#*/}}.tar" "$image"'
        self.machine.run(f"mkdir {IMAGES}; for image in $({_LIST_IMAGES}); do {save} || exit; done")
        self.machine.run(f"chmod --recursive a+rX {IMAGES}")
        hand_on(self.machine.path(CACHE), self.machine.path(IMAGES))
        self._built()

    def _once(self, line: str, then: Callable[[], None] = lambda: None) -> str:
        if line not in self._outputs:
            self._outputs[line] = None  # until all has succeeded
            output = self.machine.run(line)
            then()
            self._outputs[line] = output
        known = self._outputs[line]
        assert known is not None, f"{line} has failed before"
        return known


@pytest.fixture(scope="session", autouse=True)
def end_of_building() -> Iterator[Callable[[], None]]:
    """Ends the wait of the tiers that need what the first machine builds. The end of this tier ends it too."""
    with ExitStack() as stack:
        stack.enter_context(building())
        yield stack.close


@pytest.fixture(scope="session")
def first(workshop: Path, bare: Path, say: Say, end_of_building: Callable[[], None]) -> Iterator[First]:
    with Machine("first", workshop, (bare,), say=say) as machine:
        machine.run(f"git clone --quiet {BUNDLE} {machine.checkout}", folder="/root")
        yield First(machine, end_of_building)


@pytest.fixture(scope="session")
def layers(workshop: Path, bare: Path, request: pytest.FixtureRequest) -> Layers:
    """The layers of the cold start. For work on these tests, the folder FRESH_LAYERS keeps them between runs."""
    kept = Path(os.environ.get("FRESH_LAYERS") or workshop / "layers")
    found = Layers(bare, kept / "home", kept / "system")
    if not kept.exists():
        first: First = request.getfixturevalue("first")
        first.down()
        _forget_the_stack(first.machine)
        first.machine.end()
        kept.mkdir()
        first.machine.changes.rename(found.system)
        found.home.mkdir()
        (found.system / "root").rename(found.home / "root")
    return found


def _forget_the_stack(machine: Machine) -> None:
    machine.run("git clean --quiet --force -d -x --exclude=.venv")


class MakeMachine(Protocol):
    def __call__(
        self,
        name: str,
        *,
        engine_installed: bool = True,
        mounts: Sequence[Mount] = (),
        checkout: str = CHECKOUT,
    ) -> AbstractContextManager[Machine]: ...


@pytest.fixture(scope="session")
def make_machine(workshop: Path, layers: Layers, say: Say) -> MakeMachine:
    """Starts machines with warm caches and without a stack."""

    @contextmanager
    def running(
        name: str,
        *,
        engine_installed: bool = True,
        mounts: Sequence[Mount] = (),
        checkout: str = CHECKOUT,
    ) -> Iterator[Machine]:
        say(f"machine {name}")
        given = [(str(INSIDE), "/srv/inside", "bind", "ro"), (str(layers.cache), "/srv/cache", "bind", "ro"), *mounts]
        stack = layers.prepared if engine_installed else layers.with_caches
        with Machine(name, workshop, stack, checkout=checkout, say=say, mounts=given) as machine:
            if "FRESH_LAYERS" in os.environ:  # the checkout in the layers may be another commit
                machine.run(f"git fetch --quiet {BUNDLE} main && git reset --quiet --hard FETCH_HEAD", folder=CHECKOUT)
            yield machine

    return running
