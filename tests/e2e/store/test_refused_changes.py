"""Changes that cannot work or would lose content are refused, and the running store keeps serving."""

import json
import os
import pty
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stacks.layout import DATA_FOLDER, KEY_FILE, VERSION_FILE
from tests.e2e.store.images import commit
from tests.e2e.store.small_store import ids, left, small_stack
from tests.e2e.store.store import ROOT, Failed, Store, outcome, run

STACK = "refused"
FILE = "files/team/kept.txt"
CONTENT = b"stored by somebody"
NEXUS, OLDER, SILENT = (f"repository-store-tests/nexus:{tag}" for tag in ("3.97.0", "3.60.0", "3.99.0"))
NGINX = "repository-store-tests/nginx:1.31.3"


@pytest.fixture(scope="module")
def runs() -> Iterator[Store]:
    """A store with a file, whose stack file names its images, as in production, so that they are not rebuilt."""
    with small_stack(STACK) as store:
        store.make("up")
        assert store.content("PUT", FILE, auth=store.jenkins, data=CONTENT).ok
        store.configure("nexus.kind", "sonatype")
        with (
            image(store, NEXUS, "LABEL of=tests") as nexus,
            image(store, NGINX, "LABEL of=tests", key="nginx") as nginx,
        ):
            store.configure("nexus.image", nexus)
            store.configure("nginx.image", nginx)
            store.make("up")
            yield store


@contextmanager
def image(store: Store, name: str, *changes: str, key: str = "nexus") -> Iterator[str]:
    """Makes an image with another id from the one that the store runs."""
    commit(store.secret(f"{key}.image"), name, *changes)
    try:
        yield name
    finally:
        outcome(["docker", "image", "rm", "--force", name])  # removed already with the store


@contextmanager
def configured(store: Store, **settings: str) -> Iterator[None]:
    """Sets keys like nexus__image in the stack file inside the block, and restores the file."""
    before = store.file.read_text()
    for key, value in settings.items():
        store.configure(key.replace("__", "."), value)
    try:
        yield
    finally:
        store.file.write_text(before)


def serves(store: Store) -> None:
    answer = store.content("GET", FILE, auth=store.jenkins)
    assert (answer.status_code, answer.content) == (200, CONTENT)


def refusal(store: Store, target: str) -> str:
    with pytest.raises(Failed) as failure:
        store.make(target)
    return str(failure.value)


def test_preview_and_up_refuse_an_older_nexus_and_the_newer_one_keeps_running(runs: Store) -> None:
    before = ids(runs)
    with image(runs, OLDER, "LABEL release=older") as older, configured(runs, nexus__image=older):
        for target in ("preview", "up"):
            output = refusal(runs, target)
            assert (
                f"nexus.image: is older than Nexus 3.97.0, which last ran on the data volume (got '{older}'" in output
            )
    assert ids(runs) == before
    serves(runs)


def test_an_older_nexus_is_refused_while_the_newer_one_is_stopped(runs: Store) -> None:
    before = [each.split()[0] for each in ids(runs)]
    run(["docker", "stop", runs.container("nexus")])
    with image(runs, OLDER, "LABEL release=older") as older, configured(runs, nexus__image=older):
        assert f"nexus.image: is older than Nexus 3.97.0, which last ran on the data volume (got '{older}'" in refusal(
            runs, "preview"
        )
    runs.make("up")
    assert [each.split()[0] for each in ids(runs)] == before
    serves(runs)


@contextmanager
def ran(store: Store, release: str, *folders: str) -> Iterator[None]:
    """Has the data volume say that this release last ran on it, with these folders of its database.

    By these folders a real core 3.77.0 recognises an OrientDB: on a volume with them it ended at its start.
    """
    made = [f"{DATA_FOLDER}/db/{folder}" for folder in folders]
    mark = ["docker", "exec", store.container("nexus"), "sh", "-c"]
    run([*mark, f"echo {release} >{VERSION_FILE}; {' '.join(['mkdir -p', *made]) if made else ':'}"])
    try:
        yield
    finally:
        run([*mark, f"echo 3.97.0 >{VERSION_FILE}; {' '.join(['rmdir', *made]) if made else ':'}"])


def test_preview_and_up_refuse_to_skip_a_mandatory_stop(runs: Store) -> None:
    before = ids(runs)
    with (
        ran(runs, "3.69.0", "component", "config", "security"),
        image(runs, SILENT, "LABEL release=newer") as newer,
        configured(runs, nexus__image=newer),
    ):
        for target in ("preview", "up"):
            output = refusal(runs, target)
            assert "nexus.image: 3.71 and newer cannot read the OrientDB database that Nexus 3.69.0 left" in output
            assert f"pulumi config set --stack {runs.stack} --path nexus.image IMAGE:3.70.4" in output
    assert ids(runs) == before
    serves(runs)


def test_a_preview_shows_what_lies_between_and_changes_nothing(runs: Store) -> None:
    before = ids(runs)
    with (
        ran(runs, "3.86.2"),
        image(runs, SILENT, "LABEL release=newer") as newer,
        configured(runs, nexus__image=newer),
    ):
        lines = runs.make("preview")
        report = runs.make("preview-report")
    assert "Nexus 3.86.2 -> 3.99.0: going back takes a snapshot of before. First: " in lines
    assert "3.87 repositories: the Community Edition takes nothing new above 40,000 components" in lines
    assert "3.77" not in lines  # it lies before
    assert "- Nexus 3.86.2 -\\> 3.99.0: going back" in report
    assert "- 3\\.87 repositories: the Community Edition takes nothing new above 40,000 components" in report
    assert ids(runs) == before
    serves(runs)


def test_a_preview_of_an_image_without_a_release_says_what_cannot_be_told(runs: Store) -> None:
    name = "repository-store-tests/nexus:latest"
    with image(runs, name, "LABEL release=none") as latest, configured(runs, nexus__image=latest):
        lines = runs.make("preview")
        assert (
            "nexus.image: which Nexus it is cannot be told, so neither a downgrade is refused nor what changes" in lines
        )
        assert f"3.97.0 last ran (got '{latest}'" in lines
    with image(runs, name, "LABEL version=3.60.0-01") as labelled, configured(runs, nexus__image=labelled):
        assert f"is older than Nexus 3.97.0, which last ran on the data volume (got '{labelled}'" in refusal(
            runs, "preview"
        )


def test_preview_and_up_refuse_an_address_that_the_host_does_not_have(runs: Store) -> None:
    before = ids(runs)
    with configured(runs, nginx__bindAddress="198.18.99.9"):
        for target in ("preview", "up"):
            assert "198.18.99.9" in refusal(runs, target)
    assert ids(runs) == before
    serves(runs)


def test_a_used_port_is_refused_before_nginx_is_removed(runs: Store) -> None:
    before = ids(runs)
    with socket.create_server((runs.address, 8443)), configured(runs, nginx__httpsPort="8443"):
        output = refusal(runs, "up")
    assert "nginx: the engine cannot start a container with these settings" in output
    assert f"the container {runs.container('nginx')} is unchanged" in output
    assert ids(runs) == before
    serves(runs)


def test_a_port_of_another_container_is_refused_before_anything_is_removed(runs: Store) -> None:
    before, other = ids(runs), "repository-store-e2e-outsider"
    publish = f"--publish={runs.address}:8443:80"
    run(["docker", "run", "--detach", "--name", other, publish, "--entrypoint=sleep", NGINX, "600"])
    try:
        with configured(runs, nginx__httpsPort="8443"):
            assert f"the container {other} publishes this port" in runs.make("preview")
            output = refusal(runs, "up")
    finally:
        run(["docker", "rm", "--force", other])
    assert f"nginx.httpsPort: the container {other} publishes this port at {runs.address} (got 8443)" in output
    assert "nothing was applied" in output
    assert "the store serves now" in output
    assert f"undo it, then make up STACK={STACK}" in output
    assert ids(runs) == before
    serves(runs)


def test_an_invalid_kernel_parameter_is_refused_before_nexus_is_removed(runs: Store) -> None:
    before = ids(runs)
    with configured(runs, **{'nexus__sysctls["net.ipv4.tcp_congestion_control"]': "none-such"}):
        for target in ("preview", "up"):
            assert "nexus.sysctls" in refusal(runs, target)
    assert ids(runs) == before
    serves(runs)


def test_a_new_nexus_that_never_answers_is_replaced_by_the_previous_container(runs: Store) -> None:
    nexus = runs.container("nexus")
    before = made_as(runs)
    changes = ('ENTRYPOINT ["sleep"]', 'CMD ["infinity"]')
    with image(runs, SILENT, *changes) as silent:
        with configured(runs, nexus__image=silent, nexus__readyTimeoutSeconds="15"):
            output = refusal(runs, "up")
            assert "is not writable after 15 s" in output
            assert f"the new {nexus} does not answer: the previous container is restored" in output
            assert f"{nexus} is the container from before this up, and it serves" in output
            assert '"active"' in run(["docker", "exec", nexus, "cat", KEY_FILE])
            assert made_as(runs) == before
            serves(runs)
            code, shown = runs.preview()
            assert code == 0, shown
            assert "container" in shown.lower()
            assert "nothing to change" not in shown
        runs.make("up")
        assert "nothing to change" in runs.make("up")
        assert made_as(runs) == before
        serves(runs)


def made_as(store: Store) -> dict[str, object]:
    """The configuration of Nexus's container, without the values that differ each time."""
    (found,) = json.loads(run(["docker", "inspect", store.container("nexus")]))
    config = {key: value for key, value in found["Config"].items() if key != "Hostname"}
    networks = {
        name: sorted(set(each["Aliases"] or ()) - {found["Id"][:12]})
        for name, each in found["NetworkSettings"]["Networks"].items()
    }
    return {"image": found["Image"], "config": config, "host": found["HostConfig"], "networks": networks}


def test_down_with_content_is_refused_without_a_terminal_or_with_a_wrong_answer(runs: Store) -> None:
    before, holds = ids(runs), f"the volume {runs.container('nexus-data')} holds 1 file, {len(CONTENT)} B"
    output = without_a_terminal(runs)
    assert f"{holds}, and its removal is not confirmed" in output
    assert f"{holds}; by the server, 1 repository with content: files (1 artifact, {len(CONTENT)} B)" in output
    assert f"make down STACK={runs.stack} YES=1" in output
    code, output = answered(runs, "yes")
    assert code != 0
    assert f"{holds}. Type the name of the stack to remove it for good: " in output
    assert f"nothing was changed, and {holds}" in output
    assert ids(runs) == before
    serves(runs)


def test_down_with_content_removes_everything_after_the_stack_name_is_typed(runs: Store) -> None:
    code, output = answered(runs, runs.stack)
    assert code == 0, output
    assert left(runs) == []


def test_down_with_content_removes_everything_with_yes(runs: Store) -> None:
    runs.configure("nexus.kind", "stand-in")  # recreates the images, which were removed with the store
    runs.make("up")
    for remembered in ("outputs", "ca"):
        runs.__dict__.pop(remembered, None)
    assert runs.content("PUT", FILE, auth=runs.jenkins, data=CONTENT).ok
    assert "holds 1 file" in runs.make("down", YES="1")
    assert left(runs) == []


def without_a_terminal(store: Store) -> str:
    command = ["make", "down", f"STACK={store.stack}"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode
    return done.stderr


def answered(store: Store, answer: str) -> tuple[int, str]:
    """Runs `make down` on a terminal with a typed answer; returns its exit code and output."""
    person, terminal = pty.openpty()
    try:
        os.write(person, f"{answer}\n".encode())
        command = ["make", "down", f"STACK={store.stack}"]
        output = subprocess.PIPE
        done = subprocess.run(
            command, cwd=ROOT, stdin=terminal, stdout=output, stderr=subprocess.STDOUT, text=True, check=False
        )
    finally:
        os.close(person)
        os.close(terminal)
    return done.returncode, done.stdout
