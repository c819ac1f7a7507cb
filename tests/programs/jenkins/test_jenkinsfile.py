"""The pipeline runs under a real Groovy: which stages, on which agents, with which credentials, calling what."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.programs.jenkins.groovy import ROOT, run

BACKEND = "pulumi-backend-url as PULUMI_BACKEND_URL"
STAGING = [BACKEND, "pulumi-passphrase-staging as file PULUMI_CONFIG_PASSPHRASE_FILE"]
PRODUCTION = [BACKEND, "pulumi-passphrase-production as file PULUMI_CONFIG_PASSPHRASE_FILE"]

SCENARIOS: dict[str, dict[str, Any]] = {
    "pull request": {"branch": "PR-7", "pullRequest": True},
    "pull request that a policy forbids": {
        "branch": "PR-7",
        "pullRequest": True,
        "statuses": {"preview-report STACK=staging": 1},
    },
    "pull request to a branch called main": {"branch": "main", "pullRequest": True},
    "main": {"branch": "main"},
    "main with a plan": {"branch": "main", "parameters": {"UPDATE_PLAN": True}},
    "main with a broken staging": {"branch": "main", "statuses": {"up STACK=staging": 2}},
    "main with a forbidden production": {"branch": "main", "statuses": {"preview-report STACK=production": 1}},
    "another branch": {"branch": "feature"},
}


@pytest.fixture(scope="module")
def builds() -> Mapping[str, dict[str, Any]]:
    usual = {"pullRequest": False, "parameters": {"UPDATE_PLAN": False}, "statuses": {}}
    results = run("pipeline.groovy", "Jenkinsfile", [{**usual, **scenario} for scenario in SCENARIOS.values()])
    return dict(zip(SCENARIOS, results, strict=True))


def stages(build: dict[str, Any]) -> list[str]:
    return [stage["stage"] for stage in build["stages"]]


def calls(build: dict[str, Any], name: str) -> list[dict[str, Any]]:
    (found,) = [stage["calls"] for stage in build["stages"] if stage["stage"] == name]
    return list(found)


def test_a_pull_request_is_checked_and_previewed_and_changes_nothing(builds: Mapping[str, Any]) -> None:
    for name in ("pull request", "pull request to a branch called main"):
        assert stages(builds[name]) == ["Check", "Preview"]
        assert builds[name]["failure"] is None
        assert not any("make up" in str(call.get("script")) for call in calls(builds[name], "Preview"))


def test_both_stacks_are_previewed_each_with_its_own_passphrase_and_commented_on(builds: Mapping[str, Any]) -> None:
    expected = []
    for stack, credentials in (("staging", STAGING), ("production", PRODUCTION)):
        report = f"preview-{stack}.md"
        preview = f"make --silent preview-report STACK={stack} >{report}"
        comment = f'make --silent preview-comment STACK={stack} REPORT={report} PULL_REQUEST="$CHANGE_URL"'
        expected += [
            {"step": "sh", "script": preview, "within": credentials},
            {"step": "archiveArtifacts", "artifacts": report},
            {"step": "sh", "script": comment, "within": ["github-token as GITHUB_TOKEN"]},
        ]
    assert calls(builds["pull request"], "Preview") == expected


def test_what_a_policy_forbids_fails_the_build_after_every_report_is_out(builds: Mapping[str, Any]) -> None:
    build = builds["pull request that a policy forbids"]
    assert build["failure"] == "The preview of staging failed or a policy forbids it: see its report"
    assert len(calls(build, "Preview")) == 6


def test_main_goes_to_staging_and_after_approval_to_production(builds: Mapping[str, Any]) -> None:
    build = builds["main"]
    assert stages(build) == ["Check", "Staging", "Production preview", "Approval", "Production"]
    assert calls(build, "Staging") == [{"step": "sh", "script": "make up STACK=staging YES=1", "within": STAGING}]
    up = {"step": "sh", "script": "make up STACK=production YES=1", "within": PRODUCTION}
    assert calls(build, "Production") == [up]
    assert "REFRESH=1" in calls(build, "Production preview")[0]["script"]


def test_waiting_for_approval_holds_no_agent(builds: Mapping[str, Any]) -> None:
    agents = {stage["stage"]: stage["agent"] for stage in builds["main"]["stages"]}
    assert agents.pop("Approval") == "none"
    assert set(agents.values()) == {"store"}
    assert [call["step"] for call in calls(builds["main"], "Approval")] == ["input"]


def test_with_a_plan_production_gets_what_was_shown(builds: Mapping[str, Any]) -> None:
    build = builds["main with a plan"]
    preview, _, stash = calls(build, "Production preview")
    assert preview["script"].endswith("STACK=production REFRESH=1 PLAN=production.plan.json >preview-production.md")
    assert stash == {"step": "stash", "name": "plan", "includes": "production.plan.json"}
    unstash, up = calls(build, "Production")
    assert unstash == {"step": "unstash", "name": "plan"}
    assert up["script"] == "make up STACK=production YES=1 PLAN=production.plan.json"


@pytest.mark.parametrize(
    ("name", "last"),
    [("main with a broken staging", "Staging"), ("main with a forbidden production", "Production preview")],
)
def test_what_fails_ends_the_way_to_production(builds: Mapping[str, Any], name: str, last: str) -> None:
    assert stages(builds[name])[-1] == last
    assert builds[name]["failure"]


def test_another_branch_is_checked_only(builds: Mapping[str, Any]) -> None:
    assert stages(builds["another branch"]) == ["Check"]


def test_no_two_runs_at_once_and_no_plan_unless_asked_for(builds: Mapping[str, Any]) -> None:
    for build in builds.values():
        assert "disableConcurrentBuilds" in build["options"]
        assert build["parameters"] == {"UPDATE_PLAN": False}


def test_no_secret_is_interpolated_by_groovy() -> None:
    text = (ROOT / "Jenkinsfile").read_text(encoding="utf-8")
    for name in ("GITHUB_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_BACKEND_URL"):
        assert f"${{{name}}}" not in text
        assert f"env.{name}" not in text


def test_a_step_that_declarative_pipelines_do_not_know_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "Jenkinsfile"
    wrong.write_text("pipeline { agent none\n stages { stage('x') { step { sh 'true' } } } }")
    scenario = [{"branch": "main", "parameters": {}, "statuses": {}}]
    with pytest.raises(AssertionError, match="step is not allowed in stage"):
        run("pipeline.groovy", str(wrong), scenario)
