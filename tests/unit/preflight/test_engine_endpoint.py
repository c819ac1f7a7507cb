"""The endpoint is the one that the docker command would use, unless the stack file names one."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from cli.recovery.moved_endpoint import answers
from preflight.engine_endpoint import DEFAULT, EngineEndpoint, NoEndpoint, engine_endpoint
from stacks.patterns import DOCKER_HOST_PATTERN

LAB = "unix:///run/lab/docker.sock"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with docker's contexts `lab` and `tls`, as `docker context create` (28.2) writes them."""
    for name, host in (("lab", LAB), ("tls", "tcp://192.0.2.7:2376")):
        folder = tmp_path / ".docker" / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
        folder.mkdir(parents=True)
        meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}
        (folder / "meta.json").write_text(json.dumps(meta))
    return tmp_path


def use(home: Path, context: str) -> None:
    (home / ".docker" / "config.json").write_text(json.dumps({"auths": {}, "currentContext": context}))


@pytest.mark.parametrize(
    ("declared", "variables", "current", "wanted"),
    [
        (None, {}, "", EngineEndpoint(DEFAULT)),
        (None, {}, "default", EngineEndpoint(DEFAULT)),
        (None, {}, "lab", EngineEndpoint(LAB, "docker context")),
        (None, {"DOCKER_CONTEXT": "lab"}, "", EngineEndpoint(LAB, "DOCKER_CONTEXT")),
        (None, {"DOCKER_CONTEXT": "default"}, "lab", EngineEndpoint(DEFAULT)),
        (None, {"DOCKER_HOST": "unix:///a.sock", "DOCKER_CONTEXT": "lab"}, "lab",
         EngineEndpoint("unix:///a.sock", "DOCKER_HOST")),
        ("ssh://a.domain.org", {"DOCKER_HOST": "unix:///a.sock", "DOCKER_CONTEXT": "lab"}, "lab",
         EngineEndpoint("ssh://a.domain.org", "docker.host")),
    ],
)  # fmt: skip
def test_the_first_of_stack_file_host_and_contexts_counts(
    home: Path, declared: str | None, variables: dict[str, str], current: str, wanted: EngineEndpoint
) -> None:
    use(home, current)
    found = engine_endpoint(declared, {"HOME": str(home), **variables})
    assert found == wanted
    assert found.environment == {"DOCKER_HOST": wanted.host}


OPTIONS = ["ssh://-F/tmp/evil", "ssh://-oProxyCommand=id@a.domain.org", "ssh://ops@-F", " SSH://-F"]


@pytest.mark.parametrize("host", OPTIONS)
@pytest.mark.parametrize("source", ["docker.host", "DOCKER_HOST", "DOCKER_CONTEXT", "docker context"])
def test_an_option_of_ssh_is_no_host_wherever_it_comes_from(home: Path, source: str, host: str) -> None:
    meta = next((home / ".docker" / "contexts" / "meta").glob("*/meta.json"))
    evil = meta.parents[1] / hashlib.sha256(b"evil").hexdigest() / "meta.json"
    evil.parent.mkdir()
    evil.write_text(json.dumps({"Name": "evil", "Endpoints": {"docker": {"Host": host.strip().lower()}}}))
    use(home, "evil" if source == "docker context" else "default")
    variables = {"DOCKER_HOST": {"DOCKER_HOST": host}, "DOCKER_CONTEXT": {"DOCKER_CONTEXT": "evil"}}.get(source, {})
    with pytest.raises(NoEndpoint) as refused:
        engine_endpoint(host if source == "docker.host" else None, {"HOME": str(home), **variables})
    assert str(refused.value).startswith(f"{source}: invalid value (got ")
    assert "USER and HOST begin with no hyphen" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("host", OPTIONS)
def test_docker_is_not_started_for_an_option(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state names the endpoint of an earlier `up`, which commands ask too."""
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert not answers(host)
    assert not (tmp_path / "started").exists()
    assert answers("ssh://a-b.domain.org")
    assert (tmp_path / "started").exists()


@pytest.mark.parametrize("host", ["ssh://ops-team@a-b.domain.org:22/run/x.sock", "ssh://_lab", "ssh://[::1]"])
def test_a_hyphen_inside_is_fine(host: str) -> None:
    assert engine_endpoint(host, {}).host == host
    assert re.fullmatch(DOCKER_HOST_PATTERN, host)


def test_another_folder_of_docker_is_read(home: Path, tmp_path: Path) -> None:
    use(home, "lab")
    assert engine_endpoint(None, {"HOME": "/nowhere", "DOCKER_CONFIG": str(home / ".docker")}).host == LAB


def test_the_default_is_not_given_to_the_provider() -> None:
    """The states of older releases have no host then: a given one would be an update in each of them."""
    assert EngineEndpoint(DEFAULT).given is None
    assert EngineEndpoint(DEFAULT, "DOCKER_HOST").given == DEFAULT


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none", "DOCKER_CONTEXT: there is no such context (got none; allowed one of docker context ls). Fix: unset"),
        ("tls", "DOCKER_CONTEXT: the endpoint tcp://192.0.2.7:2376 of this context cannot be used (got tls; allowed "),
    ],
)
def test_a_context_that_cannot_be_used_is_refused_in_one_line(home: Path, name: str, message: str) -> None:
    with pytest.raises(NoEndpoint) as refused:
        engine_endpoint(None, {"HOME": str(home), "DOCKER_CONTEXT": name})
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)
