"""The workflows of GitHub Actions give credentials only to reviewed code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

GITHUB = Path(__file__).parents[2] / ".github"
FILES = sorted(
    [*GITHUB.glob("workflows/*.yaml"), *GITHUB.glob("workflows/*.yml"), *GITHUB.glob("actions/*/action.yaml")]
)
ON = True  # YAML reads the key `on` as true
_SECRET = re.compile(r"\bsecrets\.(\w+)")


def read(path: Path) -> dict[Any, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def workflows() -> Iterator[tuple[str, dict[Any, Any]]]:
    return ((path.name, read(path)) for path in FILES if path.parent.name == "workflows")


def jobs() -> dict[str, dict[str, Any]]:
    return {f"{name}: {job}": body for name, workflow in workflows() for job, body in workflow["jobs"].items()}


def steps(path: Path) -> list[dict[str, Any]]:
    document = read(path)
    if "runs" in document:
        return list(document["runs"]["steps"])
    return [step for job in document["jobs"].values() for step in job.get("steps", ())]


def secrets(job: dict[str, Any]) -> set[str]:
    return set(_SECRET.findall(yaml.safe_dump(job)))


def for_pull_requests(job: dict[str, Any]) -> bool:
    return "github.event_name == 'push'" not in str(job.get("if", ""))


def environment(job: dict[str, Any]) -> str:
    return str(job.get("environment", "")).replace("${{ matrix.stack }}", "STACK")


def test_workflows_are_found() -> None:
    assert [path.relative_to(GITHUB).as_posix() for path in FILES] == [
        "actions/stack/action.yaml",
        "workflows/store.yaml",
    ]
    assert {name.split(": ")[1] for name in jobs()} >= {"check", "preview", "staging", "production"}


def test_no_workflow_runs_code_of_a_pull_request_with_mains_permissions() -> None:
    for name, workflow in workflows():
        assert set(workflow[ON]) <= {"pull_request", "push"}, name
        assert workflow[ON]["push"] == {"branches": ["main"]}


@pytest.mark.parametrize("name", sorted(jobs()))
def test_secrets_come_from_the_environment_of_their_stack(name: str) -> None:
    job = jobs()[name]
    assert job.get("secrets") is None  # no secrets are inherited
    if not secrets(job):
        return
    # The names are the same in every environment, so a job cannot use those of another stack.
    assert secrets(job) == {"PULUMI_BACKEND_URL", "PULUMI_PASSPHRASE"}
    allowed = {"preview-STACK"} if for_pull_requests(job) else {"staging", "production-preview", "production"}
    assert environment(job) in allowed


@pytest.mark.parametrize("name", sorted(jobs()))
def test_code_of_a_pull_request_never_runs_on_deployment_runners(name: str) -> None:
    job = jobs()[name]
    if for_pull_requests(job):
        assert job["runs-on"] in ("ubuntu-24.04", ["self-hosted", "store-preview"])
    if "matrix" not in str(job.get("environment")) and "environment" in job:
        stack = environment(job).removesuffix("-preview")
        assert job["runs-on"] == ["self-hosted", f"store-{stack}"]


@pytest.mark.parametrize("name", sorted(jobs()))
def test_jobs_that_write_comments_have_no_other_secret_and_run_code_of_main(name: str) -> None:
    job = jobs()[name]
    if "write" not in job.get("permissions", {}).values():
        return
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert secrets(job) == set()
    (checkout,) = [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
    assert checkout["with"]["ref"] == "main"


def test_tokens_are_read_only_by_default() -> None:
    assert all(workflow["permissions"] == {"contents": "read"} for _, workflow in workflows())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert all(use.startswith("./") or re.search(r"@[0-9a-f]{40}$", use) for use in used), used


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_checkout_leaves_no_token(path: Path) -> None:
    for step in steps(path):
        if "actions/checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_untrusted_text_is_interpolated_into_a_script(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", "")
