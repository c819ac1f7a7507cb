"""Maven, keytool and update-ca-certificates read the files for trust that `make jenkins` writes."""

import json
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from jenkins.trust import NOT_SECRET, TRUST_STORE
from tests.authority import Issued, Request
from tests.integration.programs.jenkins.groovy import ROOT
from tests.support import tools
from tests.support.real_clients.maven import PROJECTS
from tests.support.real_clients.running import attempt, run
from tests.support.serving import SilentHandler, serve, stop
from tests.unit.jenkins.outputs import outputs


def of_today(name: str, *dns_names: str) -> Request:
    now = datetime.now(UTC)
    return Request(name, dns_names, now - timedelta(days=1), now + timedelta(days=2))


def make_jenkins(given: dict[str, Any], folder: Path) -> None:
    """What `make jenkins` runs."""
    command = [sys.executable, "-m", "jenkins", str(folder)]
    subprocess.run(command, input=json.dumps(given), text=True, cwd=ROOT, check=True, capture_output=True)


class Files(SilentHandler, SimpleHTTPRequestHandler):
    """The files of a folder."""


@dataclass(frozen=True)
class Agent:
    """A home with the files of `make jenkins`, for a store whose Maven group has the plugins of a build."""

    home: Path
    authority: Issued

    def builds(self) -> tuple[int, str]:
        """The exit code and output of a build that fetches everything from the store."""
        project = self.home / "library"
        shutil.copytree(PROJECTS / "library", project, dirs_exist_ok=True)
        options: list[str | Path] = ["--batch-mode", "--settings", self.home / "settings.xml"]
        options += [f"-Dmaven.repo.local={self.home}/repository"]
        command = ["mvn", *options, "--file", project / "pom.xml", "package"]
        return attempt(command, self.home, NEXUS_USER="ci-pull", NEXUS_PASSWORD="-")


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    authority = of_today("The store's CA").issued_by(None)
    issued = of_today("localhost", "localhost").issued_by(authority)
    (tmp_path / "chain.pem").write_text(issued.pem + issued.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "chain.pem")
    server = ThreadingHTTPServer(("localhost", 0), partial(Files, directory=str(tools.maven_plugins())))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serve(server)
    given = outputs(("maven-public", "maven", "group"), ca_certificate_pem=authority.pem)
    given["repositories"]["maven-public"]["url"] = f"https://localhost:{server.server_port}/"
    make_jenkins(given, tmp_path)
    yield Agent(tmp_path, authority)
    stop(server)


def test_maven_builds_through_the_store_with_the_written_mavenrc_and_not_without(agent: Agent) -> None:
    code, printed = agent.builds()
    assert code != 0
    assert "unable to find valid certification path" in printed
    # The only change to the file: the trust store is in the test's folder instead of /etc.
    written = (agent.home / "mavenrc").read_text()
    (agent.home / ".mavenrc").write_text(written.replace(TRUST_STORE, str(agent.home / "repository-store.p12")))
    code, printed = agent.builds()
    assert code == 0, printed[-3000:]


def test_java_trusts_the_public_cas_too(agent: Agent) -> None:
    keytool: list[str | Path] = [
        "keytool",
        "-list",
        "-keystore",
        agent.home / "repository-store.p12",
        "-storepass",
        NOT_SECRET,
    ]
    listed = run(keytool, agent.home)
    assert listed.count("trustedCertEntry") == certifi.contents().count("BEGIN CERTIFICATE") + 1
    assert agent.authority.certificate.fingerprint(SHA256()).hex(":").upper() in listed


def test_debian_trusts_each_ca_of_a_rotation_and_the_public_ones(tmp_path: Path) -> None:
    authorities = [of_today(name).issued_by(None) for name in ("old", "new")]
    given = outputs(ca_certificate_pem="".join(authority.pem for authority in authorities))
    make_jenkins(given, tmp_path)
    certs, hooks = tmp_path / "certs", tmp_path / "hooks"
    certs.mkdir()
    hooks.mkdir()
    places: list[str | Path] = ["--localcertsdir", tmp_path / "debian", "--etccertsdir", certs, "--hooksdir", hooks]
    subprocess.run(["update-ca-certificates", *places], check=True, capture_output=True)
    # The file that debian/pip.conf and debian/.npmrc name.
    context = ssl.create_default_context(cafile=str(certs / "ca-certificates.crt"))
    trusted = str(context.get_ca_certs())
    assert [name for name in ("old", "new", "ISRG Root X1") if f"'{name}'" not in trusted] == []
