"""Pulumi passes objects as JSON and texts unchanged, so that a text can look like JSON."""

from collections.abc import Iterator

import pulumi
import pytest

from stacks.settings import Settings


@pytest.fixture(autouse=True)
def config() -> Iterator[None]:
    before = dict(pulumi.runtime.config.CONFIG.get())
    yield
    pulumi.runtime.set_all_config(before)


@pytest.mark.parametrize("text", ["[::1", "{", "[" + "9" * 5000 + "]"])
def test_a_text_that_looks_like_json_is_refused_as_a_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", errors.append)
    pulumi.runtime.set_all_config({f"{pulumi.get_project()}:hostname": text})
    with pytest.raises(SystemExit):
        Settings.load()
    assert f"hostname: invalid value (got '{text[:20]}" in errors[0]
