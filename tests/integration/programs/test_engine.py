"""An engine behind ssh, asked by the real docker and ssh commands."""

import pytest

from cli.errors import CommandError
from cli.machine.engine import engine_steps


def test_a_remote_engine_must_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDS_TO_ANSWER", "5")
    with pytest.raises(CommandError, match=r"engine does not answer: ssh: connect to host 127[.]0[.]0[.]1 port 1"):
        engine_steps("ssh://nobody@127.0.0.1:1")
