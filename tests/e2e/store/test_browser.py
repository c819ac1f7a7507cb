"""A browser that trusts the store's CA shows its page."""

from pathlib import Path

from tests.e2e.store.store import ROOT, Store, run

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--window-size=1200,900"]  # fmt: skip


def test_the_page_shows_the_repositories(store: Store, tmp_path: Path) -> None:
    trusted = tmp_path / ".pki" / "nssdb"
    trusted.mkdir(parents=True)
    run(["certutil", "-N", "--empty-password", "-d", f"sql:{trusted}"])
    run(["certutil", "-A", "-d", f"sql:{trusted}", "-t", "C,,", "-n", "store", "-i", str(store.ca)])
    picture = ROOT / ".local" / "page.png"
    browser = ["chromium", *FLAGS, f"--user-data-dir={tmp_path / 'profile'}"]
    drawn = run([*browser, "--dump-dom", store.outputs["url"]], HOME=str(tmp_path))
    assert "stand-in for sonatype nexus" in drawn.lower()
    assert "docker-group" in drawn
    run([*browser, f"--screenshot={picture}", store.outputs["url"]], HOME=str(tmp_path))
    assert picture.stat().st_size > 10_000
