"""The containers' memory limits compared with the docker host's memory, from a fake docker."""

from pathlib import Path

import pytest

from components.docker_host.host_memory import host_memory, refuse_more_than
from stacks.acme_settings import Acme
from stacks.managed_nexus import ManagedNexus
from stacks.nginx_settings import NginxSettings
from stacks.rules.refusal import Refusal
from stacks.tls_settings import SelfSigned, TlsSettings
from tests.support.played_docker import play_docker


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, '#!/bin/sh\necho "$DOCKER_HOST" >"$FOLDER/asked"\ncat "$FOLDER/answer"\n')
    return tmp_path


def test_the_memory_is_read_from_the_stacks_engine(docker: Path) -> None:
    (docker / "answer").write_text(f"{8 << 30}\n")
    assert host_memory({"DOCKER_HOST": "ssh://deploy@nexus.domain.org"}) == 8192
    assert (docker / "asked").read_text() == "ssh://deploy@nexus.domain.org\n"


@pytest.mark.parametrize("answer", ["", "0\n", "Cannot connect to the Docker daemon\n"])
def test_a_useless_answer_of_the_engine_is_no_limit(docker: Path, answer: str) -> None:
    (docker / "answer").write_text(answer)
    assert host_memory({}) is None


ACME = Acme(mode="acme", email="ops@domain.org")


NGINX, LARGER = NginxSettings(), NginxSettings(memory="1g")


@pytest.mark.parametrize(
    ("nginx", "tls", "others"),
    [(NGINX, SelfSigned(), 256), (NGINX, ACME, 256 + 128), (LARGER, SelfSigned(), 1024)],
)
def test_limits_that_fit_exactly_are_accepted(nginx: NginxSettings, tls: TlsSettings, others: int) -> None:
    refuse_more_than(4096 + others, ManagedNexus(heap="2g", memory="4g"), nginx, tls)


@pytest.mark.parametrize(
    ("nginx", "tls", "host", "taken"),
    [
        (NGINX, SelfSigned(), 4351, "nginx takes 256m"),
        (NGINX, ACME, 4479, "nginx takes 256m and the ACME client takes 128m"),
        (LARGER, SelfSigned(), 5119, "nginx takes 1024m"),
    ],
)
def test_limits_that_do_not_fit_are_refused_in_one_line(
    nginx: NginxSettings, tls: TlsSettings, host: int, taken: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        refuse_more_than(host, ManagedNexus(heap="2g", memory="4g"), nginx, tls)
    assert str(refusal.value) == (
        f"nexus.memory: more than the docker host can give (got '4g'; allowed at most 4095m, "
        f"since the docker host has {host}m, {taken}). "
        "Fix: pulumi config set --path nexus.memory 4095m, or use a larger host"
    )
