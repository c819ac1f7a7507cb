"""What lies between two releases of Nexus: every note with a store that it concerns and one that it does not."""

import re
from pathlib import Path
from typing import Any

import pytest

from cli.limits.usage import limits
from stacks.managed_nexus import ManagedNexus
from stacks.settings import Settings
from stacks.upgrades.deployed import Deployed, Embedded
from stacks.upgrades.note import Note
from stacks.upgrades.notes import NOTES
from stacks.upgrades.upgrade import Upgrade
from tools.upgrade_notes import table

ROOT = Path(__file__).parents[3]
SOURCES = (
    r"https://help\.sonatype\.com/en/[\w.-]+\.html"
    r"|https://support\.sonatype\.com/hc/en-us/articles/[\w-]+"
    r"|https://github\.com/(sonatype|sonatype-nexus-community)/[\w./#-]+"
)
DATABASE = {"database": {"host": "db.domain.org", "password": "x"}}
KEYS = {"encryptionKeys": [{"id": "one", "key": "a-key-of-sixteen-letters"}]}
RAW = {"format": "raw", "type": "hosted"}
REPOSITORY = {"repositories": {"files": RAW}}
SCRIPT = {"scripts": {"one": {"type": "groovy", "content": "1"}}}
POLICY = {"cleanupPolicies": {"old": {"format": "raw", "criteriaLastDownloaded": 9}}}
PATTERN = {"cleanupPolicies": {"old": {"format": "raw", "criteriaAssetRegex": "team/.*"}}}
REPAIR = {"tasks": {"repair": {"type": "blobstore.executeReconciliationPlan", "frequency": {"schedule": "manual"}}}}
TASK = {"tasks": {"clean": {"type": "repository.cleanup", "frequency": {"schedule": "manual"}}}}
LDAP = {"ldap": {"staff": {"protocol": "LDAPS"}}}
BUCKET = {"bucket": {"name": "b", "region": "DEFAULT"}}
S3 = {"blobStores": {"cloud": {"type": "s3", "bucketConfiguration": BUCKET}}}
MINIO = {
    "blobStores": {
        "cloud": {
            "type": "s3",
            "bucketConfiguration": {**BUCKET, "advancedBucketConnection": {"endpoint": "https://10.0.0.5:9000"}},
        }
    }
}
AZURE = {"blobStores": {"cloud": {"type": "azure", "bucketConfiguration": {"accountName": "a", "containerName": "c"}}}}


def proxy(url: str) -> dict[str, Any]:
    return {"repositories": {"theirs": {"format": "raw", "type": "proxy", "proxy": {"remoteUrl": url}}}}


def docker(anonymous: bool, login: bool) -> dict[str, Any]:
    images = {"format": "docker", "type": "hosted", "docker": {"v1Enabled": False, "forceBasicAuth": login}}
    return {"repositories": {"images": images}, "anonymousAccess": anonymous}


def selector(expression: str) -> dict[str, Any]:
    return {"contentSelectors": {"team": {"expression": expression}}}


def image(name: str, **nexus: Any) -> dict[str, Any]:
    return {"nexus": {"image": name, **nexus}}


OWN, SONATYPE = image("registry.domain.org/nexus:3"), image("sonatype/nexus3:3.96.0")
ADOPTED = {"repositories": {"files": {**RAW, "adopt": True}}}
SEEN = {"repositories": {"files": {**RAW, "adopt": True, "cleanup": {"policyNames": []}}}}
ALLOWED = {"ssrfProtection": {"enabled": True, "allowedIPs": ["10.0.0.0/8"]}}

# By note: stores that it concerns, and stores that it does not.
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "scripts": ([SCRIPT], [{}]),
    "h2-1": ([(Embedded.H2_1, {})], [(Embedded.H2, {}), (Embedded.H2_1, {"nexus": DATABASE})]),
    "orientdb": ([(Embedded.ORIENTDB, {})], [(Embedded.H2, {}), (Embedded.ORIENTDB, {"nexus": DATABASE})]),
    "java-17": (
        [OWN, image("sonatype/nexus3:3.71.0-java11-alpine")],
        [SONATYPE, image("sonatype/nexus3:3.71.0-java17")],
    ),
    "plugins": ([OWN], [SONATYPE, image("registry.domain.org/sonatype/nexus3:3.96.0-ubi")]),
    "script-apis": ([SCRIPT], [{}]),
    "asset-patterns": ([PATTERN], [POLICY]),
    "s3-secrets": ([S3], [AZURE]),
    "default-key": ([{}], [{"nexus": KEYS}]),
    "eula": ([{}], [{"nexus": {"acceptEula": True}}]),
    "limits": ([REPOSITORY], [{}]),
    "no-tasks": ([TASK], [{}]),
    "cleanup-on-h2": ([POLICY], [{}, {**POLICY, "nexus": DATABASE}]),
    "repair-plans": ([REPAIR], [TASK]),
    "path-selectors": ([selector('path =^ "/a/"')], [selector('format == "raw"')]),
    "java-21": ([OWN, image(f"sonatype/nexus3:3.87.0-java17@sha256:{'a' * 64}")], [SONATYPE]),
    "lower-limits": ([REPOSITORY], [{}]),
    "s3-compatible": ([MINIO], [S3]),
    "azure": ([AZURE], [S3]),
    "anonymous-pulls": ([docker(True, True)], [docker(False, True), docker(True, False)]),
    "ldap": ([LDAP], [{}]),
    "search": ([REPOSITORY], [{}]),
    "alpine": ([SONATYPE], [OWN, image("sonatype/nexus3:3.96.0-ubi")]),
    "private-hosts": (
        [proxy("https://10.0.0.5/"), proxy("https://nexus/"), proxy("https://mirror.lan/"), MINIO],
        [proxy("https://repo.example.org/"), proxy("https://9.9.9.9/"), {**MINIO, **ALLOWED}],
    ),
    "policy-none": ([ADOPTED], [SEEN, REPOSITORY]),
    "telemetry": ([{}], [{"telemetryAcknowledgement": {"acknowledgement": True}}]),
}
BY_NAME = {note.name: note for note in NOTES}


def store(given: Any) -> Deployed:
    """Of the settings alone, as a stack file has them, whatever releases its rules would refuse."""
    embedded, keys = given if isinstance(given, tuple) else (Embedded.UNKNOWN, given)
    own = {key: value for key, value in keys.items() if key in ("nexus", "anonymousAccess", "backup")}
    topology = {key: value for key, value in keys.items() if key not in own}
    settings = Settings.model_validate(
        {"hostname": "nexus.domain.org", "passwords": {"admin": "x"}, "topology": topology, **own}
    )
    assert isinstance(settings.nexus, ManagedNexus)
    return Deployed(settings, settings.nexus, embedded)


def before(release: str) -> str:
    return f"3.{int(release.split('.')[1]) - 1}.0"


def test_every_note_has_a_case() -> None:
    assert CASES.keys() == BY_NAME.keys()
    assert len(BY_NAME) == len(NOTES)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_has_a_source_and_a_range(note: Note) -> None:
    assert re.fullmatch(SOURCES, note.source)
    releases = [tuple(map(int, each.split("."))) for each in (note.since, note.until, note.stop) if each]
    assert all(each[0] == 3 for each in releases)
    since = releases[0]
    assert not note.until or tuple(map(int, note.until.split("."))) >= since
    assert not note.stop or tuple(map(int, note.stop.split("."))) < since
    assert all(text and text[-1] not in ".!" for text in (note.when, note.breaks, note.first))


def test_notes_are_in_the_order_of_their_releases() -> None:
    order = [int(note.since.split(".")[1]) for note in NOTES]
    assert order == sorted(order)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_is_shown_for_what_it_concerns_alone(note: Note) -> None:
    concerned, others = CASES[note.name]
    for given in concerned:
        assert note in Upgrade(before(note.since), f"{note.since}.1", store(given)).notes, given
    for given in others:
        assert note not in Upgrade(before(note.since), f"{note.since}.1", store(given)).notes, given


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_a_note_is_shown_for_its_releases_alone(note: Note) -> None:
    concerned = store(CASES[note.name][0][0])
    assert note not in Upgrade(note.since, "3.200.0", concerned).notes  # it was there before
    assert note not in Upgrade("3.1.0", before(note.since), concerned).notes
    later = note.until or "3.200"
    assert note in Upgrade("3.1.0", f"{later}.9", concerned).notes
    if note.until:
        assert note not in Upgrade("3.1.0", f"3.{int(note.until.split('.')[1]) + 1}.0", concerned).notes


def test_the_limits_are_those_that_make_limits_counts_with() -> None:
    for name, release in (("limits", "3.77"), ("lower-limits", "3.87")):
        granted = limits(release)
        assert f"{granted.components:,} components or {granted.requests:,} requests" in BY_NAME[name].breaks


@pytest.mark.parametrize(
    ("embedded", "ran", "to", "line"),
    [
        (
            Embedded.ORIENTDB,
            "3.69.0",
            "3.95.2",
            "nexus.image: 3.71 and newer cannot read the OrientDB database that Nexus 3.69.0 left (got "
            "'sonatype/nexus3:3.95.2'; allowed 3.70.4 until it is migrated). Fix: pulumi config set --path nexus.image "
            "IMAGE:3.70.4, make up, then on 3.70.x migrate to H2 or PostgreSQL",
        ),
        (Embedded.ORIENTDB, "3.70.4", "3.71.0", "until it is migrated). Fix: on 3.70.x migrate"),
        (Embedded.ORIENTDB, "", "3.71.0", "cannot read the OrientDB database that an earlier Nexus left"),
        (Embedded.H2_1, "3.68.1", "3.70.4", "nexus.image IMAGE:3.69.0, make up, then on 3.69.0 run the task"),
    ],
)
def test_a_jump_over_a_mandatory_stop_is_refused(embedded: Embedded, ran: str, to: str, line: str) -> None:
    (problem,) = Upgrade(ran, to, store((embedded, image("sonatype/nexus3:3.95.2")))).problems()
    assert line in str(problem)


@pytest.mark.parametrize(
    ("embedded", "ran", "to"),
    [
        (Embedded.ORIENTDB, "3.68.0", "3.70.4"),
        (Embedded.H2_1, "3.68.0", "3.69.0"),
        (Embedded.H2, "3.70.4", "3.96.0"),
        (Embedded.UNKNOWN, "3.70.4", "3.96.0"),
        (Embedded.ORIENTDB, "3.68.0", ""),
    ],
)
def test_a_step_to_the_stop_and_one_after_the_migration_are_not_refused(embedded: Embedded, ran: str, to: str) -> None:
    assert Upgrade(ran, to, store((embedded, {}))).problems() == []


def test_the_lines_name_both_releases_the_keys_and_what_to_do_first() -> None:
    files = {f"files-{number}": proxy("https://10.0.0.5/")["repositories"]["theirs"] for number in range(5)}
    lines = list(Upgrade("3.91.0", "3.92.3", store({"repositories": files, **SONATYPE})).lines())
    assert lines[0] == (
        "Nexus 3.91.0 -> 3.92.3: going back takes a snapshot of before. First: set backup.location, then make backup"
    )
    (line,) = lines[1:]
    assert line.startswith("  3.92 repositories.files-0.proxy.remoteUrl, ")
    assert "files-2.proxy.remoteUrl and 2 more: Nexus refuses to reach private addresses. First: declare" in line
    assert line.endswith("/pull/448)")
    with_backup = store({"backup": {"location": "backups", "keep": 3}})
    assert next(Upgrade("3.91.0", "3.92.3", with_backup).lines()).endswith("First: make backup")


def test_the_same_release_in_another_image_has_no_lines() -> None:
    assert not list(Upgrade("3.95.2", "3.95.2", store({})).lines())
    assert not list(Upgrade("3.95.2", "3.95", store({})).lines())
    assert list(Upgrade("3.95.1", "3.95.2", store({})).lines())


@pytest.mark.parametrize("name", ["sonatype/nexus3:latest", f"nexus@sha256:{'a' * 64}", "own/nexus:1.2"])
def test_an_image_without_a_release_says_what_cannot_be_told(name: str) -> None:
    made = store(image(name))
    assert made.nexus.version == ""
    (line,) = Upgrade("3.95.2", made.nexus.version, made).lines()
    assert line.startswith("nexus.image: which Nexus it is cannot be told, so neither a downgrade is refused nor ")
    assert f"3.95.2 last ran (got '{name}'; allowed " in line
    assert "Fix: pulumi config set --path nexus.generation" in line


def test_an_unknown_release_before_is_said() -> None:
    assert list(Upgrade("", "3.95.2", store((Embedded.H2, {}))).lines()) == [
        "Nexus 3.95.2: which release ran on the data volume before is not known, and so not what changes"
    ]


def test_the_page_has_exactly_these_notes() -> None:
    page = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| 3\.\d+ .*$", page, re.MULTILINE)
    assert shown == table()[2:], "python -m tools.upgrade_notes prints the rows"
    assert "\n".join(table()) in page
