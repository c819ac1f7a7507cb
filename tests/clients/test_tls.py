"""sslyze's findings against Mozilla's intermediate profile: none."""

import sys
from pathlib import Path

import pytest

from tests.clients.world import World
from tests.e2e.store import ROOT, outcome, run


@pytest.fixture(scope="module")
def sslyze() -> str:
    """In an environment of its own: it wants an older cryptography than the project."""
    folder = ROOT / ".local" / "sslyze"
    if not (folder / "bin" / "sslyze").exists():
        run([sys.executable, "-m", "venv", str(folder)])
        requirements = str(Path(__file__).with_name("requirements-sslyze.txt"))
        run([str(folder / "bin" / "pip"), "install", "--quiet", "--requirement", requirements])
    return str(folder / "bin" / "sslyze")


def test_nothing_is_found(world: World, sslyze: str) -> None:
    trust = ["--certinfo_ca_file", str(world.store.ca)]
    code, said = outcome([sslyze, "--mozilla_config", "intermediate", *trust, f"{world.store.hostname}:443"])
    verdict = said.split("COMPLIANCE AGAINST")[-1]
    assert code == 0, verdict
    assert "OK - Compliant" in verdict


def test_a_session_is_taken_up_again(world: World) -> None:
    for version in ("-tls1_2", "-tls1_3"):
        saved = str(world.folder / f"session{version}")
        connect = ["openssl", "s_client", "-connect", f"{world.store.address}:443", "-servername", world.store.hostname]
        connect += ["-CAfile", str(world.store.ca), "-verify_return_error", version, "-ign_eof"]
        request = f"GET /v2/ HTTP/1.0\nHost: {world.store.hostname}\n\n"
        assert "New, TLSv1" in run([*connect, "-sess_out", saved], text=request)
        assert "Reused, TLSv1" in run([*connect, "-sess_in", saved], text=request)
