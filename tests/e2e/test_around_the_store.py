"""What is made from a store for others to read."""

import shutil

from tests.e2e.store import ROOT, Store


def test_the_preview_report_of_an_unchanged_store_says_that_nothing_happens(store: Store) -> None:
    report = store.make("preview-report")
    assert "no changes" in report.lower(), report
    assert "flowchart" in report


def test_a_report_names_what_is_added(store: Store) -> None:
    kept = store.file.read_text()
    try:
        store.configure("repositories.reported.format", "raw")
        store.configure("repositories.reported.type", "hosted")
        report = store.make("preview-report")
    finally:
        store.file.write_text(kept)
    assert "reported" in report
    assert str(ROOT) not in report


def test_jenkins_gets_its_files_without_a_secret(store: Store) -> None:
    store.make("jenkins")
    folder = ROOT / "build" / "jenkins" / store.stack
    try:
        written = {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}
    finally:
        shutil.rmtree(folder)
    assert "settings.xml" in written
    assert store.hostname in written["settings.xml"]
    assert not [name for name, text in written.items() if store.jenkins[1] in text]
