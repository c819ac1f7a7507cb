from pathlib import Path

import pytest

from tests.commands.cli.project import Project, copy_sources, environment_in, link
from tests.support.forked import Forks


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    return folder


@pytest.fixture(scope="session")
def of_projects(sources: Path) -> tuple[Path, Forks]:
    """The folder of every project, one after the other, since modules know theirs, and the Python with the modules."""
    folder = sources.with_name("project")
    link(sources, folder)
    return folder, Forks(
        folder, "cli.command_line.*", "cli.commands.*", "cli.doctor.*", environment=environment_in(folder)
    )


@pytest.fixture
def project(sources: Path, of_projects: tuple[Path, Forks]) -> Project:
    folder, forks = of_projects
    return Project.copied(sources, folder, forks)
