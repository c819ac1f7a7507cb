"""The reports of Pulumi's previews of a running store; each was reviewed before it was committed.

After an intended change of the reports: python -m tests.unit.reports.rewrite, then review the diff.
"""

import random

import pytest

from reports.limit import LIMIT
from reports.markdown import marker, report
from reports.preview import Preview
from tests.unit.reports.previews import RECORDED, golden, recorded

CHANGES = {
    "create",
    "one-field",
    "reorder-of-members",
    "rename",
    "blob-store-change",
    "secret-rotation",
    "image-upgrade",
    "certificate-renewal",
    "removal",
    "drift",
    "nothing",
    "error",
}


def reported(name: str) -> str:
    return report(Preview.parse(recorded(name)), "staging")


def test_every_kind_of_change_is_recorded() -> None:
    assert set(RECORDED) >= CHANGES


@pytest.mark.parametrize("name", RECORDED)
def test_the_report_equals_the_reviewed_one(name: str) -> None:
    assert reported(name) == golden(name)


@pytest.mark.parametrize("name", RECORDED)
def test_a_report_does_not_depend_on_the_engines_order(name: str) -> None:
    document = recorded(name)
    random.Random(name).shuffle(document["steps"])
    document["duration"] = 1
    assert report(Preview.parse(document), "staging") == golden(name)


@pytest.mark.parametrize("name", RECORDED)
def test_a_report_begins_with_its_marker_and_fits_a_comment(name: str) -> None:
    text = reported(name)
    assert text.startswith(marker("staging"))
    assert len(text) < LIMIT


@pytest.mark.parametrize("name", RECORDED)
def test_a_report_has_no_details_of_the_machine_or_the_engine(name: str) -> None:
    text = reported(name)
    for noise in ("/home/ci", "sourcePosition", "stackTrace", "__provider", "$PATH", "urn:pulumi", "PRIVATE KEY"):
        assert noise not in text


@pytest.mark.parametrize("name", ["rename", "removal", "blob-store-change", "removal-with-purge"])
def test_data_loss_comes_before_every_table(name: str) -> None:
    text = reported(name)
    assert 0 < text.index("> [!CAUTION]") < text.index("| Operation |")


def test_drift_is_separate_from_the_intended_change() -> None:
    intended, drift = reported("drift-and-change").split("#### Drift")
    assert "| update | Repository | `docker-private` |" in intended
    assert "yum-hosted" not in intended
    assert "| Repository | `yum-hosted` | `online` | `true` | `false` |" in drift


def test_only_a_preview_with_refresh_says_that_there_is_no_drift() -> None:
    assert "No drift." in reported("nothing")
    assert "drift" not in reported("secret-rotation").lower()
