"""A body is cut down to what the request at hand may hold."""

import pytest

from nexus.schema import CHANGE, CREATION, fitting

USER = {"userId": "bob", "password": "secret", "source": "default", "readOnly": True, "lastName": None}
STORE = {"name": "far", "bucketConfiguration": {"bucket": {"name": "far", "region": None}, "security": {}}}


@pytest.mark.parametrize(
    ("verb", "left"),
    [
        (CREATION, {"userId", "password"}),
        (CHANGE, {"userId", "source"}),
        ("", {"userId", "password", "source"}),
    ],
)
def test_what_only_another_verb_has_goes(verb: str, left: set[str]) -> None:
    assert set(fitting("user", USER, verb)) == left


@pytest.mark.parametrize("request_", ["blobStore/file", "blobStore/group", "contentSelector"])
def test_the_name_of_what_cannot_be_renamed_stands_in_the_path_alone(request_: str) -> None:
    assert fitting(request_, {"name": "x"}, CHANGE) == {}
    assert fitting(request_, {"name": "x"}, CREATION) == {"name": "x"}


def test_nulls_and_what_no_request_has_go_at_any_depth() -> None:
    left = {"name": "far", "bucketConfiguration": {"bucket": {"name": "far"}}}
    assert fitting("blobStore/s3", STORE, CHANGE) == left
