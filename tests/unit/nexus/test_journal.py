"""The journal of created objects has one line for each object, however often its creation fails."""

from pathlib import Path

import pytest

from nexus.journal import VARIABLE, Journal
from nexus.model import Ref


def test_an_object_that_fails_in_every_run_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "journals" / "trial"
    monkeypatch.setenv(VARIABLE, str(file))
    user = Ref("user", "jenkins")
    for _ in range(3):
        Journal.of_environment().add(user)
    Journal.of_environment().add(Ref("role", "jenkins"))
    assert len(file.read_text().splitlines()) == 2
    assert Journal.of_environment().has(user)
