"""What Pulumi hands over is an object as JSON, or a text, which may look like the beginning of one."""

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
def test_a_text_like_json_is_refused_as_the_text_that_it_is(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", errors.append)
    pulumi.runtime.set_all_config({f"{pulumi.get_project()}:hostname": text})
    with pytest.raises(SystemExit):
        Settings.load()
    assert f"hostname: invalid value (got '{text[:20]}" in errors[0]
