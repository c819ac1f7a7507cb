"""Files that are passed to a container as one text."""

import base64
import io
import tarfile

from hypothesis import given
from hypothesis import strategies as st

from components.bundle import bundle, opened

NAMES = st.text("abcdefghij.", min_size=1, max_size=20).filter(lambda name: name.strip("."))


@given(st.dictionaries(NAMES, st.text(), max_size=4))
def test_packed_files_can_be_unpacked(files: dict[str, str]) -> None:
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(bundle(files)))) as archive:
        found = {entry.name: archive.extractfile(entry).read().decode() for entry in archive}  # type: ignore[union-attr]
    assert found == files
    assert opened(bundle(files)) == files


@given(st.text())
def test_an_invalid_bundle_is_empty(text: str) -> None:
    assert opened(text) == {}


def test_equal_files_give_an_equal_text_in_any_order() -> None:
    assert bundle({"a": "1", "b": "2"}) == bundle({"b": "2", "a": "1"})


def test_unpacked_files_are_not_readable_by_others() -> None:
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(bundle({"tls.key": "x"})))) as archive:
        assert [entry.mode for entry in archive] == [0o640]
