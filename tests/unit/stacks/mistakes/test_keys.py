"""Mistakes in keys, in types of values, and in what is retained."""

import pytest

from tests.unit.stacks.mistakes.refused import Wrong, is_one_line

WRONG: dict[str, Wrong] = {
    "unknown key": ({"hostnam": "x"}, "hostnam: unknown key", "rename it to hostname"),
    "unknown nested key": ({"nexus": {"heep": "2g"}}, "nexus.heep: unknown key", "rename it to heap"),
    "text for a list": (
        {"realms": "DockerToken"},
        "realms: invalid value (got 'DockerToken'",
        "--path 'realms[0]' VALUE",
    ),
    "list for a mapping": (
        {"clients": [{"name": "node"}]},
        "clients: invalid value (got a list of 1",
        "edit clients in the stack file",
    ),
    "topology file missing": ({"topology": "no.yaml"}, "topology: there is no file 'no.yaml'", "beside the stack file"),
    "topology that is not a file's name": (
        {"topology": {"repositories": {}}},
        "topology: invalid value (got a mapping with the keys repositories",
        "pulumi config set topology FILE",
    ),
    "topology with a name that no file has": (
        {"topology": "x" * 300},
        "topology: there is no file 'xxx",
        "pulumi config rm topology",
    ),
    "topology of another folder": (
        {"topology": "/etc/passwd"},
        "topology: '/etc/passwd' is outside stacks/",
        "pulumi config set topology FILE",
    ),
    "unknown thing to retain": ({"retain": ["everything"]}, "(got 'everything'", "nexus-data"),
    "protected by a no": ({"protect": "no"}, "protect: invalid value (got 'no'", "true or false"),
    "protected by a number": ({"protect": 1}, "protect: invalid value (got 1", "true or false"),
    "an allow list for no section": (
        {"unmanaged": {"user": ["ci-*"]}},
        "unmanaged.user: invalid value (got a list of 1; allowed '*', ",
        "edit unmanaged.user in the stack file",
    ),
    "an allow list that is no list": (
        {"unmanaged": {"users": "ci-*"}},
        "unmanaged.users: invalid value (got 'ci-*'; allowed a list)",
        "unmanaged.users[0]",
    ),
    "backup without a number": (
        {"backup": {"location": "/srv/backups"}},
        "backup.keep: missing (allowed a whole number from 1 to 10000)",
        "backup.keep VALUE",
    ),
    "backup without a place": ({"backup": {"keep": 7}}, "backup.location: missing", "backup.location VALUE"),
    "backup to a relative folder": (
        {"backup": {"location": "backups/nexus", "keep": 7}},
        "backup.location: invalid value (got 'backups/nexus'",
        "like /srv/backups, or the name of a volume",
    ),
    "backup into the data volume": (
        {"backup": {"location": "repository-store-production-nexus-data", "keep": 7}},
        "backup.location",
        "outside the data volume",
    ),
    "backup that keeps nothing": (
        {"backup": {"location": "/srv/backups", "keep": 0}},
        "backup.keep: invalid value (got 0",
        "greater than or equal to 1",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
