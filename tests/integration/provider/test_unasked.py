"""A preview that could not ask the server says so and fails, unless it was told to do without.

The server is the stand-in behind TLS; its certificates are made by the test, also the expired one.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from nexus.http.connection import WITHOUT_SERVER
from tests.integration.provider.play import ADMIN, Failed, Play
from tests.integration.provider.sequence import live
from tests.integration.provider.tls import make_certificate

FILES: dict[str, Any] = {"format": "raw", "type": "hosted"}
UNKNOWN = "it is not known what is on the server"


@contextmanager
def stopped(play: Play) -> Iterator[tuple[str, str]]:
    play.stop()
    yield "127.0.0.1", r"does not answer: Connection refused"
    play.start()


@contextmanager
def no_route(_: Play) -> Iterator[tuple[str, str]]:
    """No TCP connection has a route to the address for broadcasts."""
    yield "255.255.255.255", r"\(at 255\.255\.255\.255\) does not answer: Network is unreachable"


@contextmanager
def another_authority(play: Play) -> Iterator[tuple[str, str]]:
    file = play.folder / "ca.pem"
    kept, other = file.read_text(), play.folder / "other"
    other.mkdir(exist_ok=True)
    make_certificate(other)
    file.write_text((other / "ca.pem").read_text())
    yield "127.0.0.1", r"certificate is not trusted: .*Fix: pulumi config set --path nexus\.caBundle"
    file.write_text(kept)


@contextmanager
def an_expired_certificate(play: Play) -> Iterator[tuple[str, str]]:
    kept = {file: file.read_bytes() for file in (play.folder / "ca.pem", play.folder / "leaf.pem")}
    make_certificate(play.folder, until=datetime.timedelta(days=-1))
    play.restart_tls()
    yield "127.0.0.1", "certificate is not trusted: .*certificate has expired"
    for file, content in kept.items():
        file.write_bytes(content)
    play.restart_tls()


@contextmanager
def another_password(play: Play) -> Iterator[tuple[str, str]]:
    play.change_password(ADMIN, "changed-by-hand")
    yield "127.0.0.1", "answers 401 to user admin: .*Fix: .*pulumi config set --secret --path passwords.admin"
    play.change_password("changed-by-hand", ADMIN)


FAULTS = [stopped, no_route, another_authority, an_expired_certificate, another_password]
Fault = Callable[[Play], AbstractContextManager[tuple[str, str]]]


def names(play: Play) -> set[str]:
    return {each["name"] for each in live(play, "/v1/repositories")}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.__name__)
def test_a_preview_of_an_external_nexus_that_cannot_be_asked_fails(external: Play, fault: Fault) -> None:
    external.wanted["repositories"] = {"files": FILES}
    refused_of_a_new_stack(external, fault)
    assert "files" not in names(external)
    external.up()
    refused_of_a_deployed_stack(external, fault)
    assert "unchanged" in external.preview("--refresh", "--expect-no-changes")


def refused_of_a_new_stack(play: Play, fault: Fault) -> None:
    with fault(play) as (address, reason):
        for command in (play.preview, play.up):
            with pytest.raises(Failed, match=f"{UNKNOWN} .*{reason}") as failed:
                command(NEXUS_ADDRESS=address)
            assert str(failed.value).partition("Diagnostics:")[2].count(UNKNOWN) == 1, failed.value
        output = play.preview(NEXUS_ADDRESS=address, **{WITHOUT_SERVER: "1"})
    assert "+ 2 to create" in output, output


def refused_of_a_deployed_stack(play: Play, fault: Fault) -> None:
    with fault(play) as (address, reason):
        for options in ((), ("--refresh",)):
            with pytest.raises(Failed, match=reason):
                play.preview(*options, NEXUS_ADDRESS=address)
        play.preview(**{WITHOUT_SERVER: "1"})


def test_without_the_server_nothing_is_sent_and_only_a_preview_runs(external: Play) -> None:
    external.wanted["repositories"] = {"files": FILES}
    external.counted()
    external.preview("--refresh", **{WITHOUT_SERVER: "1"})
    assert external.counted() == []
    with pytest.raises(Failed, match=f"{WITHOUT_SERVER}: the server is not asked .allowed a preview.. Fix: unset"):
        external.up(**{WITHOUT_SERVER: "1"})
    assert external.counted() == []
    assert "files" not in names(external)


def test_a_managed_store_that_does_not_run_is_previewed(play: Play) -> None:
    """First before it is deployed; later the preview says what it does not know, since an `up` starts the store."""
    play.wanted["repositories"] = {"files": FILES}
    play.stop()
    assert "to create" in play.preview()
    play.start()
    play.up()
    play.stop()
    output = play.preview("--expect-no-changes")
    assert f"{UNKNOWN} (make preview WITHOUT_SERVER=1 does without): https://" in output
    play.start()
