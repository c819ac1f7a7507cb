"""Reports, policies and files for Jenkins, made from a running store."""

from pathlib import Path

import pytest

from tests.e2e.store.store import ROOT, Failed, Store, outcome


def test_the_preview_report_of_an_unchanged_store_shows_no_changes(store: Store) -> None:
    report = store.make("preview-report")
    assert "no changes" in report.lower(), report


def test_a_policy_violation_fails_the_preview_until_it_is_fixed(store: Store) -> None:
    kept = store.file.read_text()
    try:
        store.configure("repositories.reported.format", "raw")
        store.configure("repositories.reported.type", "hosted")
        for target in ("preview", "preview-report"):
            with pytest.raises(Failed, match="reported is on Nexus's own blob store"):
                store.make(target)
        store.configure("blobStores.reported.onDelete", "keep")
        store.configure("repositories.reported.storage.blobStoreName", "reported")
        store.make("preview")
        report = store.make("preview-report")
    finally:
        store.file.write_text(kept)
    assert "| create | Repository | `reported` |" in report
    assert "flowchart" in report
    assert str(ROOT) not in report


def test_the_exported_state_of_a_running_store_is_checked_by_policies(store: Store, tmp_path: Path) -> None:
    state = str(tmp_path / "state.json")
    assert store.pulumi("stack", "export", "--file", state)[0] == 0
    pack = ["--policy-pack", "policy/run", "--policy-pack-config"]
    analyze = ["./store", "pulumi", "policy", "analyze", "--file", state, "--color", "never", *pack]
    code, output = outcome([*analyze, "policy/levels/production.json"])
    assert code != 0
    assert "[mandatory]  image-by-digest" in output
    assert "the cache of yum-proxy grows without end: name a cleanup policy in cleanup.policyNames" in output
    assert not [secret for secret in (store.admin[1], store.ci_push[1]) if secret in output]
    code, output = outcome([*analyze, "policy/levels/local.json"])
    assert code == 0, output


def test_the_files_for_jenkins_contain_no_secret(store: Store, jenkins_files: Path) -> None:
    written = {path.name: path.read_text("latin-1") for path in jenkins_files.rglob("*") if path.is_file()}
    assert store.hostname in written["settings.xml"]
    secrets = [password for _, password in (store.jenkins, store.ci_pull, store.ci_push)]
    assert not [name for name, text in written.items() if any(secret in text for secret in secrets)]
