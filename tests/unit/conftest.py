"""Fixtures of the unit tests."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# jsonschema checks internationalised addresses with it, which no schema here has: 1.4 s of CPU to load, in each worker.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # imports of it fail


@pytest.fixture
def event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop for Pulumi's Outputs, which is finished before the next test begins."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def empty_engine(tmp_path: Path) -> dict[str, str]:
    """The environment of a program whose engine has nothing; without an engine to ask, it would end."""
    command = tmp_path / "docker"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    return {"PATH": str(tmp_path)}
