"""After the first `make up` the store serves, and nothing is left to do."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.e2e.store.store import ROOT, Failed, Store, outcome, run


def test_the_store_answers_at_its_name_over_verified_tls(store: Store) -> None:
    answer = requests.get(store.outputs["url"], verify=str(store.ca), timeout=30)
    assert answer.status_code == 200
    assert "stand-in" in answer.text.lower()


def test_plain_http_is_redirected_with_the_same_method(store: Store) -> None:
    answer = requests.put(f"http://{store.hostname}/x", data=b"y", allow_redirects=False, timeout=30)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{store.outputs['url']}/x"


def test_a_second_up_changes_nothing(store: Store) -> None:
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output
    assert "unchanged" in output


def test_up_ends_with_the_address_and_the_next_commands(store: Store) -> None:
    lines = store.make("up").splitlines()
    assert (
        f"The store is at {store.outputs['url']} (a stand-in for Sonatype Nexus: good for trying out, not for keeping)"
        in lines
    )
    assert f"The docker registry is {store.outputs['docker_registry']}" in lines
    steps = lines[lines.index("Next:") + 1 :]
    assert [step.split()[:2] for step in steps] == [
        ["make", "outputs"],
        ["docker", "login"],
        ["docker", "push"],
        ["./store", "pulumi"],
    ]
    assert run(["bash", "-c", steps[-1]]).strip() == store.admin[1]


def test_an_up_that_changes_nothing_prints_a_handful_of_lines(store: Store) -> None:
    before = subprocess.run(
        ["make", "up", f"STACK={store.stack}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert len(before.stderr.splitlines()) <= 5, before.stderr
    assert "up: nothing to change, " in before.stderr


def test_of_two_ups_at_once_the_second_waits_or_is_refused_with_no_wait(store: Store) -> None:
    with ThreadPoolExecutor() as both:
        outputs = list(both.map(lambda _: store.make("up"), range(2)))
    assert sum("waiting for up --stack e2e (process " in text for text in outputs) == 1
    with ThreadPoolExecutor() as both:
        codes = list(both.map(lambda _: outcome(["make", "up", "STACK=e2e", "NO_WAIT=1"]), range(2)))
    assert sorted(code == 0 for code, _ in codes) == [False, True]
    assert sum("stack e2e: it is locked by up --stack e2e (process " in text for _, text in codes) == 1


def test_a_refused_up_ends_with_the_reason(store: Store) -> None:
    kept = store.file.read_text()
    store.configure("hostname", "Nexus_Domain")
    with pytest.raises(Failed) as refused:
        store.make("up")
    store.file.write_text(kept)
    after = str(refused.value).rpartition("hostname: invalid value (got 'Nexus_Domain'")[2]
    assert len(after.splitlines()) < 10


def test_outputs_hide_secrets_unless_they_are_requested(store: Store) -> None:
    assert store.read_outputs()["jenkins_password"] == "[secret]"
    assert len(store.outputs["jenkins_password"]) > 20


def test_every_declared_object_is_on_the_server(store: Store) -> None:
    names = {entry["name"] for entry in store.api("GET", "/v1/repositorySettings").json()}
    assert names == set(store.outputs["repositories"])
    stores = {entry["name"] for entry in store.api("GET", "/v1/blobstores").json()}
    assert stores == {*names, "default"}
    assert store.api("GET", "/v1/security/realms/active").json() == ["NexusAuthenticatingRealm", "DockerToken"]
    assert store.api("GET", "/v1/security/anonymous").json()["enabled"] is True


def test_the_jenkins_user_may_not_administer(store: Store) -> None:
    assert store.api("GET", "/v1/security/users", auth=store.jenkins).status_code == 403
    assert store.api("DELETE", "/v1/repositories/yum-hosted", auth=store.jenkins).status_code == 403
    assert store.api("GET", "/v1/security/users?userId=jenkins").json()[0]["roles"] == ["ci"]
