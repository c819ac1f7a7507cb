"""curl stores a file, and reads it and a file of the mirror."""

from pathlib import Path

from tests.e2e.store.store import Store
from tests.support.real_clients.place import Place
from tests.support.real_clients.running import run


def curl(place: Place, path: str, folder: Path, *options: str) -> str:
    """Runs curl with a login that its arguments do not show."""
    settings = folder / "curl"
    settings.write_text(f'user = "{place.user}:{place.password}"\ncacert = "{place.ca}"\n')
    return run(["curl", "--fail", "--silent", "--show-error", "--config", settings, *options, f"{place.url}{path}"])


def test_a_stored_file_is_read_from_hosted_and_group(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("of the team")
    hosted = store.place("raw-hosted")
    curl(hosted, "team/notes.txt", tmp_path, "--upload-file", str(file))
    assert curl(hosted, "team/notes.txt", tmp_path) == "of the team"
    assert curl(store.place("raw-public"), "team/notes.txt", tmp_path, "--range", "3-5") == "the"


def test_a_file_of_the_mirror_is_read_from_proxy_and_group(store: Store, tmp_path: Path) -> None:
    for kind in ("proxy", "public"):
        assert curl(store.place(f"raw-{kind}"), "upstream.txt", tmp_path) == "from upstream"
    assert store.cached("raw-proxy", "upstream.txt")
