"""Mistakes in blob stores: their folders, names and quotas."""

import pytest

from tests.unit.stacks.mistakes.refused import Wrong, is_one_line

WRONG: dict[str, Wrong] = {
    "unknown key of a named thing": (
        {"blobStores": {"docker-private": {"onDelet": "purge"}}},
        "blobStores.docker-private.onDelet: unknown key",
        "rename it to onDelete",
    ),
    "folder of two blob stores": (
        {"blobStores": {"own": {"path": "./docker-private/", "onDelete": "purge"}}},
        "blobStores.own.path: 'docker-private' overlaps 'docker-private' of 'docker-private'",
        "set blobStores.own.path to another folder",
    ),
    "folder within another's": (
        {"blobStores": {"own": {"path": "yum-proxy/own"}}},
        "blobStores.own.path: 'yum-proxy/own' overlaps 'yum-proxy' of 'yum-proxy'",
        "a folder of its own for each blob store",
    ),
    "folder of all": (
        {"blobStores": {"own": {"path": ".", "onDelete": "purge"}}},
        "blobStores.own.path: '.' overlaps 'default' of 'default', which Nexus ships",
        "a folder of its own for each blob store",
    ),
    "folder of Nexus's own": (
        {"blobStores": {"own": {"path": "default"}}},
        "blobStores.own.path: 'default' overlaps 'default' of 'default', which Nexus ships",
        "a folder of its own for each blob store",
    ),
    "quota without an end": (
        {"blobStores": {"x": {"softQuota": {"type": "spaceUsedQuota", "limit": 10**400}}}},
        "blobStores.x.softQuota.limit: invalid value (got a huge number",
        "from 1000000 bytes to 8000PB",
    ),
    "adopted by a word": (
        {"blobStores": {"docker-private": {"adopt": "yes"}}},
        "blobStores.docker-private.adopt: invalid value (got 'yes'",
        "true, false or strict",
    ),
    "absolute folder": (
        {"blobStores": {"own": {"path": "/srv/own"}}},
        "blobStores.own.path: outside the data volume: it is in no backup",
        "put the whole data volume there",
    ),
    "folder above": (
        {"blobStores": {"own": {"path": "own/../../../etc"}}},
        "blobStores.own.path: outside the data volume",
        "edit blobStores.own.path",
    ),
    "quota in another spelling": (
        {"blobStores": {"own": {"softQuota": {"type": "spaceUsedQuota", "limit": "10 gigs"}}}},
        "blobStores.own.softQuota.limit: invalid value (got '10 gigs'",
        "a size like 10GB (10,000,000,000 bytes) or 10GiB (10,737,418,240)",
    ),
    "store named s3": (
        {"blobStores": {"s3": {}}},
        "blobStores.s3: Nexus can never delete a blob store that is named like a type",
        "rename blobStores.s3",
    ),
    "store named group": (
        {"blobStores": {"group": {}}},
        "can never delete a blob store that is named",
        "rename",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
