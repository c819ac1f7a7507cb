from pathlib import Path

import pytest

from tests.unit.cli.project import Project, copy_sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    return folder


@pytest.fixture
def project(sources: Path, tmp_path: Path) -> Project:
    return Project.copied(sources, tmp_path / "project")
