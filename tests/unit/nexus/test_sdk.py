import gc
import sys
from collections.abc import Iterator

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from nexus.provider import NexusProvider
from nexus.sdk import without_garbage_collection


@pytest.fixture(autouse=True)
def process_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "tracebacklimit", 1000, raising=False)
    yield
    gc.enable()


def test_a_process_looks_for_no_cycles_once_it_was_told_so() -> None:
    without_garbage_collection()
    assert not gc.isenabled()


def test_the_process_of_the_provider_looks_for_none_either() -> None:
    NexusProvider().configure(ConfigureRequest(Config({}, "repository-store")))
    assert not gc.isenabled()
