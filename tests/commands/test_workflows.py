"""The workflows of GitHub Actions give credentials only to reviewed code."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

GITHUB = Path(__file__).parents[2] / ".github"
FILES = sorted(
    [*GITHUB.glob("workflows/*.yaml"), *GITHUB.glob("workflows/*.yml"), *GITHUB.glob("actions/*/action.yaml")]
)
UNTRUSTED, NIGHTLY = "store.yaml", "nightly.yaml"
ON = True  # YAML reads the key `on` as true
_INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
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


def for_pull_requests(name: str) -> bool:
    return name.startswith(UNTRUSTED) and "github.event_name == 'push'" not in str(jobs()[name].get("if", ""))


def environment(job: dict[str, Any]) -> str:
    return str(job.get("environment", "")).replace("${{ matrix.stack }}", "STACK")


def test_workflows_are_found() -> None:
    assert [path.relative_to(GITHUB).as_posix() for path in FILES] == [
        "actions/stack/action.yaml",
        "workflows/nightly.yaml",
        "workflows/store.yaml",
    ]
    assert {name.split(": ")[1] for name in jobs()} >= {"check", "preview", "staging", "production"}


def test_no_workflow_runs_code_of_a_pull_request_with_mains_permissions() -> None:
    triggers = {name: workflow[ON] for name, workflow in workflows()}
    # A schedule runs the default branch.
    assert {name: set(given) for name, given in triggers.items()} == {
        UNTRUSTED: {"pull_request", "push"},
        NIGHTLY: {"schedule"},
    }
    assert triggers[UNTRUSTED]["push"] == {"branches": ["main"]}


def test_the_nightly_job_has_no_credentials_and_a_machine_of_its_own() -> None:
    (job,) = [body for name, body in jobs().items() if name.startswith(NIGHTLY)]
    assert secrets(job) == set()
    assert "environment" not in job
    assert job["runs-on"] == ["self-hosted", "store-test"]


def test_every_tier_runs_for_each_commit_or_each_night() -> None:
    """On GitHub and in Jenkins; CONTRIBUTING lists the tiers."""
    root = GITHUB.parent
    table = (root / "CONTRIBUTING.md").read_text().partition("| tier |")[2].partition("\n\n")[0]
    tiers = {tier for row in re.findall(r"^\| ([a-z][a-z, -]+) \|", table, re.MULTILINE) for tier in row.split(", ")}
    assert len(tiers) > 10
    makefile = (root / "Makefile").read_text()
    (all_of_test,) = re.findall(r"tests\.side_by_side (.+)$", makefile, re.MULTILINE)
    assert {"check", "kills"} <= set(all_of_test.replace('"', "").split())
    within = {"test": all_of_test.replace('"', "").split(), "check": ["unit"]}
    for commit, night in (
        (GITHUB / "workflows" / UNTRUSTED, GITHUB / "workflows" / NIGHTLY),
        (root / "Jenkinsfile", root / "jenkins" / "pipelines" / "nightly.Jenkinsfile"),
    ):
        typed = [made for file in (commit, night) for made in re.findall(r"\bmake ([a-z][a-z -]*)", file.read_text())]
        targets = {target for made in typed for target in made.split()}
        assert {"check", "models", "test", "pulumi-versions"} <= targets
        for name in ("test", "check"):
            targets.update(within[name])
        assert tiers - targets == set()


@pytest.mark.parametrize("name", sorted(jobs()))
def test_secrets_come_from_the_environment_of_their_stack(name: str) -> None:
    job = jobs()[name]
    assert job.get("secrets") is None  # no secrets are inherited
    if not secrets(job):
        return
    # The names are the same in every environment, so a job cannot use those of another stack.
    assert secrets(job) == {"PULUMI_BACKEND_URL", "PULUMI_PASSPHRASE"}
    allowed = {"preview-STACK"} if for_pull_requests(name) else {"staging", "production-preview", "production"}
    assert environment(job) in allowed


@pytest.mark.parametrize("name", sorted(jobs()))
def test_code_of_a_pull_request_never_runs_on_deployment_runners(name: str) -> None:
    job = jobs()[name]
    if for_pull_requests(name):
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
    # A machine of GitHub's is new for each job, so no code of a pull request has run there.
    assert job["runs-on"] == "ubuntu-24.04"
    # What comes from elsewhere is put beside the checkout, and names neither a host nor a repository.
    (download,) = [step for step in job["steps"] if "download-artifact" in step.get("uses", "")]
    assert download["with"]["path"] == "${{ runner.temp }}/report"
    for step in job["steps"]:
        given = {value for value in step.get("env", {}).values() if "github.event" in value}
        assert given <= {"${{ github.event.pull_request.number }}"}
        assert not {"GITHUB_REPOSITORY", "GITHUB_API_URL"} & set(step.get("env", {}))


def test_the_token_is_only_in_the_step_that_posts() -> None:
    named = [
        (path.name, step["run"].split()[2])
        for path in FILES
        for step in steps(path)
        if "github.token" in str(step) or "GITHUB_TOKEN" in str(step)
    ]
    assert named == [("store.yaml", "preview-comment")]


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


def used(job: str, action: str) -> dict[str, Any]:
    (found,) = [step["with"] for step in jobs()[f"store.yaml: {job}"]["steps"] if action in step.get("uses", "")]
    return dict(found)


def test_production_applies_the_plan_of_the_preview_that_its_reviewers_read() -> None:
    previewed, applied = used("production-preview", "/stack"), used("production", "/stack")
    assert (previewed["target"], applied["target"]) == ("preview-report", "up")
    kept, taken = used("production-preview", "upload-artifact"), used("production", "download-artifact")
    assert previewed["plan"] == kept["path"] == applied["plan"]
    assert kept["name"] == taken["name"]
    assert kept["if-no-files-found"] == "error"
    assert jobs()["store.yaml: production"]["needs"] == "production-preview"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_job_can_be_run_again(path: Path) -> None:
    """GitHub refuses a second artifact of the same name in a run, of which another attempt is a part."""
    uploads = [step["with"] for step in steps(path) if "upload-artifact" in step.get("uses", "")]
    assert all(upload["overwrite"] is True for upload in uploads)


PLAN = '{"config": {"repository-store:hostname": "nexus.domain.org"}}'
# ./store is a double: it prints a report, writes a plan like Pulumi's, and notes what it is called with. make, the
# Makefile, bash and openssl are real; tests/e2e/store/test_update_plan.py runs the real ./store with a plan.
STORE = """#!/bin/sh
echo "$* $(cat "$PULUMI_CONFIG_PASSPHRASE_FILE")" >>"$CALLS"
for word; do
    [ "$before" != --plan ] || plan=$word
    before=$word
done
if [ "$1" = up ]; then cat "$plan" >"$CALLS.applied"; exit; fi
echo "# a report"
[ -z "$FAILS" ] || exit 1
[ -z "$plan" ] || printf %s "$PLANNED" >"$plan"
"""


class Runner:
    """A machine that runs jobs of the workflow, and keeps artifacts between them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.temp, self.artifact = folder, folder / "temp", folder / "artifact"
        self.temp.mkdir()
        self._calls = folder / "calls"

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []

    @property
    def applied(self) -> str:
        return (self.folder / "calls.applied").read_text()

    def run(self, job: str, passphrase: str = "secret", fails: str = "") -> int:
        """The exit code of the job's use of the action `stack`, in a fresh checkout."""
        given = {**used(job, "/stack"), "passphrase": passphrase, "backend-url": "file:///state"}
        checkout = self.folder / "checkout"
        shutil.rmtree(checkout, ignore_errors=True)
        checkout.mkdir()
        shutil.copy(GITHUB.parent / "Makefile", checkout)
        (checkout / "store").write_text(STORE)
        (checkout / "store").chmod(0o755)
        plan = checkout / given["plan"]
        if given["target"] == "up" and self.artifact.exists():
            shutil.copy(self.artifact, plan)
        code = self._steps(given, checkout, fails)
        if given["target"] != "up" and plan.exists():
            shutil.copy(plan, self.artifact)
        return code

    def _steps(self, given: dict[str, str], checkout: Path, fails: str) -> int:
        code = 0
        for step in steps(GITHUB / "actions" / "stack" / "action.yaml"):
            condition = step.get("if", "success()")
            if condition == "always()" or (
                code == 0 and condition in ("success()", f"inputs.target == '{given['target']}'")
            ):
                code = self._step(step, given, checkout, fails) or code
        return code

    def _step(self, step: dict[str, Any], given: dict[str, str], checkout: Path, fails: str) -> int:
        own = {name: _INPUT.sub(lambda found: given[found[1]], text) for name, text in step.get("env", {}).items()}
        around = {"RUNNER_TEMP": str(self.temp), "GITHUB_STEP_SUMMARY": str(self.folder / "summary")}
        played = {"CALLS": str(self._calls), "FAILS": fails, "PLANNED": PLAN}
        # As the runner calls it for `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        environment = {"PATH": os.environ["PATH"], **around, **played, **own}
        return subprocess.run(command, cwd=checkout, env=environment, check=False).returncode


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_the_plan_passes_encrypted_from_the_preview_to_up(runner: Runner) -> None:
    assert runner.run("production-preview") == 0
    assert b"nexus.domain.org" not in runner.artifact.read_bytes()
    assert list(runner.temp.iterdir()) == []
    assert runner.run("production") == 0
    assert runner.calls == [
        f"preview-report --stack production --plan {runner.temp}/plan.json secret",
        f"up --stack production --plan {runner.temp}/plan.json --yes secret",
    ]
    assert runner.applied == PLAN
    assert list(runner.temp.iterdir()) == []
    assert (runner.folder / "summary").read_text() == "# a report\n"


def test_without_a_readable_plan_production_applies_nothing(runner: Runner) -> None:
    assert runner.run("production") != 0
    assert runner.run("production-preview", passphrase="another") == 0
    assert runner.run("production") != 0
    assert [call.split()[0] for call in runner.calls] == ["preview-report"]


def test_a_preview_that_fails_leaves_a_report_and_no_plan(runner: Runner) -> None:
    assert runner.run("production-preview", fails="yes") != 0
    assert not runner.artifact.exists()
    assert (runner.folder / "summary").read_text() == "# a report\n"
