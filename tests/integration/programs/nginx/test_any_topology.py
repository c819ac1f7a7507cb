"""nginx accepts the configuration of every valid stack file."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stacks.rules.refusal import Refusal
from tests.integration.programs.nginx.server import BINARY, FILES
from tests.unit.nginx.rendering import EVERYTHING, configuration

# Nexus's rule for names, and names that nginx might confuse with its own keywords.
NAMES = st.from_regex(r"[a-z0-9\-][a-z0-9_.\-]{0,40}", fullmatch=True) | st.sampled_from(
    ["default", "tls", "day", "clients", "blobs", "hostnames", "nexus", "volatile", "include", "-", "1", "redirection"]
)
PORTS = st.integers(1024, 65535).filter(lambda port: port not in (8080, 8081, 8443))
NAMESPACES = st.lists(st.from_regex(r"[a-z0-9]+([._-][a-z0-9]+){0,2}(/[a-z0-9]+){0,2}", fullmatch=True), max_size=3)


@st.composite
def repositories(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(NAMES, min_size=3, max_size=8, unique=True))
    ports = draw(st.lists(PORTS, min_size=len(names), max_size=len(names), unique=True))
    found: dict[str, Any] = {"docker-private": None, "docker-proxy": None, "docker-group": None}
    for index, (name, port) in enumerate(zip(names, ports, strict=True)):
        kind = "hosted" if index == 0 else draw(st.sampled_from(["hosted", "proxy"]))
        found[name] = {"format": "docker", "type": kind, "docker": {"httpPort": port}}
        if kind == "proxy":
            found[name] |= {"proxy": {"remoteUrl": "https://registry-1.docker.io"}, "dockerProxy": {"indexType": "HUB"}}
    members = {"memberNames": names[:-1]}
    found[names[-1]] = {"format": "docker", "type": "group", "docker": {"httpPort": ports[-1]}, "group": members}
    return found


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    docker = draw(repositories())
    own = [name for name, body in docker.items() if body]
    extra = draw(st.sets(st.sampled_from(sorted(set(EVERYTHING) - {"privateNamespaces"}))))
    routing = draw(st.sampled_from(["path", "seed", "ports"]))
    nginx = {
        "routing": routing,
        "pushRepository": own[0],
        "privateNamespaces": draw(NAMESPACES) if routing == "path" else [],
        **{key: EVERYTHING[key] for key in extra},
    }
    roles = {"ci-push": {"push": [own[0]]}, "ci-pull": {"pull": [own[-1]]}}
    return {"nginx": nginx, "repositories": docker, "roles": roles}


@pytest.fixture(scope="module")
def folder(certificate: tuple[str, str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        found = Path(name)
        for file, content in (*FILES.items(), ("tls.crt", certificate[0]), ("tls.key", certificate[1])):
            (found / file).write_text(content)
        yield found


def verdict(folder: Path, text: str) -> tuple[int, str]:
    """The output of `nginx -t` for a configuration whose files are in the folder."""
    (folder / "nginx.conf").write_text(text.replace("/tmp/", f"{folder}/").replace("/var/cache/nginx", str(folder)))
    command = [str(BINARY), "-t", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@given(stack=stacks())
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nginx_accepts_every_valid_stack(folder: Path, stack: dict[str, Any]) -> None:
    code, output = verdict(folder, configuration(**stack).text)
    assert code == 0, output
    assert "[warn]" not in output


def test_an_invalid_configuration_is_refused(folder: Path) -> None:
    code, output = verdict(folder, configuration().text.replace("ssl_protocols", "ssl_protocol"))
    assert code == 1
    assert 'unknown directive "ssl_protocol"' in output


def test_a_repository_named_like_an_upstream_of_nginx_is_refused() -> None:
    docker = {"docker-group": None, "docker-proxy": None, "docker-private": None, "nexus-gui": HOSTED}
    with pytest.raises(Refusal, match=r"repositories\.nexus-gui: nginx uses this name for the upstream"):
        configuration(
            repositories=docker, roles={"ci-push": {"push": ["nexus-gui"]}, "ci-pull": {"pull": ["yum-group"]}}
        )


HOSTED = {"format": "docker", "type": "hosted", "docker": {"httpPort": 5000}}
