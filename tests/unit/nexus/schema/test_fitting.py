"""A body is reduced to the fields that the request allows."""

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
def test_fields_of_other_methods_are_removed(verb: str, left: set[str]) -> None:
    assert set(fitting("user", USER, verb)) == left


@pytest.mark.parametrize("request_", ["blobStore/file", "blobStore/group", "contentSelector"])
def test_the_name_of_an_object_that_cannot_be_renamed_is_only_in_the_path(request_: str) -> None:
    assert fitting(request_, {"name": "x"}, CHANGE) == {}
    assert fitting(request_, {"name": "x"}, CREATION) == {"name": "x"}


def test_nulls_and_unknown_fields_are_removed_at_any_depth() -> None:
    left = {"name": "far", "bucketConfiguration": {"bucket": {"name": "far"}}}
    assert fitting("blobStore/s3", STORE, CHANGE) == left
