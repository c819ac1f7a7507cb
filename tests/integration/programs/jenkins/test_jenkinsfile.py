"""The pipelines run in a real Groovy: which stages, on which agents, with which credentials and which steps."""

import re
from typing import Any

import pytest

from tests.integration.programs.jenkins.groovy import ROOT, run
from tests.integration.programs.jenkins.pipelines import (
    COMMIT,
    CREDENTIALS,
    ELSEWHERE,
    NIGHTLY,
    PIPELINES,
    PREVIEW,
    PRODUCTION,
    PULL_REQUEST,
    STAGING,
    UNTRUSTED,
    build,
    calls,
    everything,
    stages,
)


def test_unreviewed_code_gets_no_credentials_and_no_agent_that_deploys() -> None:
    for branch, pull_request in (("PR-7", True), ("main", True), ("feature", False), ("main", False)):
        for stage in build(UNTRUSTED, branch=branch, pullRequest=pull_request)["stages"]:
            assert stage["agent"] in ("check", "none")
            assert not any("within" in call for call in stage["calls"])
    assert "redentials(" not in (ROOT / UNTRUSTED).read_text(encoding="utf-8")


def test_no_pipeline_uses_credentials_of_two_stacks() -> None:
    named = {
        pipeline: set(re.findall(r"credentialsId: '([^']+)'", (ROOT / pipeline).read_text())) for pipeline in PIPELINES
    }
    assert named == {
        UNTRUSTED: set(),
        STAGING: {"pulumi-backend-url", "pulumi-passphrase"},
        PRODUCTION: {"pulumi-backend-url", "pulumi-passphrase"},
        PREVIEW: {"pulumi-backend-url", "pulumi-passphrase", "github-token"},
        NIGHTLY: set(),
    }


def test_every_tier_runs_each_night_without_credentials_on_an_agent_that_deploys_nothing() -> None:
    result = build(NIGHTLY)
    assert result["triggers"] == {"cron": "H 1 * * *"}
    assert "disableConcurrentBuilds" in result["options"]
    assert {stage["agent"] for stage in result["stages"]} == {"test"}
    assert [call for stage in result["stages"] for call in stage["calls"]] == [
        {"step": "sh", "script": f"make {target}"} for target in ("test", "pulumi-versions")
    ]
    assert build(UNTRUSTED)["triggers"] == {}


def test_a_pull_request_is_checked_and_its_previews_wait_for_approval() -> None:
    for branch in ("PR-7", "main"):
        result = build(UNTRUSTED, branch=branch, pullRequest=True)
        assert stages(result) == ["Check", "Ask for previews"]
        asked = [call for call in calls(result, "Ask for previews") if call["step"] == "build"]
        assert asked == [
            {
                "step": "build",
                "job": f"/repository-store-{stack}/preview",
                "wait": False,
                "parameters": [f"PULL_REQUEST={PULL_REQUEST}", f"COMMIT={COMMIT}"],
            }
            for stack in ("staging", "production")
        ]


def test_main_is_deployed_to_staging_and_its_commit_offered_to_production() -> None:
    asked = build(UNTRUSTED, branch="main")
    assert stages(asked) == ["Check", "Deploy"]
    assert calls(asked, "Deploy") == [
        {"step": "build", "job": "/repository-store-staging/deploy", "wait": False, "parameters": []}
    ]
    _, up, on = calls(build(STAGING), "Staging")
    assert up == {"step": "sh", "script": "make up STACK=staging YES=1", "within": CREDENTIALS}
    assert on["job"] == "/repository-store-production/deploy"
    assert on["parameters"] == [f"COMMIT={COMMIT}"]


def test_a_failed_staging_deployment_does_not_trigger_production() -> None:
    result = build(STAGING, statuses={"up STACK=staging": 2})
    assert result["failure"]
    assert not any(call["step"] == "build" for call in calls(result, "Staging"))


def test_production_deploys_a_commit_of_main_and_waits_for_approval_without_an_agent() -> None:
    result = build(PRODUCTION, parameters={"COMMIT": COMMIT, "UPDATE_PLAN": False})
    assert [(stage["stage"], stage["agent"]) for stage in result["stages"]] == [
        ("Preview", "production"),
        ("Approval", "none"),
        ("Production", "production"),
    ]
    taken = 'git merge-base --is-ancestor "$COMMIT" origin/main && git checkout --detach "$COMMIT"'
    for stage in ("Preview", "Production"):
        # Jenkins puts the parameters into the environment from a job's second build on (ParametersAction.filter).
        assert calls(result, stage)[0] == {"step": "sh", "script": taken, "within": [f"COMMIT={COMMIT}"]}
    assert "REFRESH=1" in calls(result, "Preview")[1]["script"]
    assert calls(result, "Approval")[0]["submitter"] == "store-approvers"
    assert calls(result, "Production")[1:] == [
        {"step": "sh", "script": "make up STACK=production YES=1", "within": CREDENTIALS}
    ]


@pytest.mark.parametrize(
    ("parameters", "statuses", "message"),
    [
        ({"COMMIT": ELSEWHERE}, {"merge-base": 1}, "exit code 1"),
        ({"COMMIT": "origin/feature"}, {}, "COMMIT: 'origin/feature' was given"),
        ({"COMMIT": COMMIT}, {"preview-report": 1}, "The preview of production failed"),
    ],
)
def test_a_commit_outside_of_main_or_a_failed_preview_ends_before_the_approval(
    parameters: dict[str, Any], statuses: dict[str, int], message: str
) -> None:
    result = build(PRODUCTION, parameters=parameters, statuses=statuses)
    assert stages(result) == ["Preview"]
    assert message in result["failure"]


def test_with_an_update_plan_production_applies_the_previewed_steps() -> None:
    result = build(PRODUCTION, parameters={"COMMIT": COMMIT, "UPDATE_PLAN": True})
    _, preview, _, stash = calls(result, "Preview")
    assert preview["script"].endswith("STACK=production REFRESH=1 PLAN=production.plan.json >preview-production.md")
    assert stash == {"step": "stash", "name": "plan", "includes": "production.plan.json"}
    _, unstash, up = calls(result, "Production")
    assert unstash == {"step": "unstash", "name": "plan"}
    assert up["script"] == "make up STACK=production YES=1 PLAN=production.plan.json"


def test_another_branch_is_only_checked() -> None:
    assert stages(build(UNTRUSTED, branch="feature")) == ["Check"]


def test_deployments_of_a_stack_do_not_overlap_and_update_plans_are_off_by_default() -> None:
    assert "disableConcurrentBuilds" in build(STAGING)["options"]
    result = build(PRODUCTION, parameters={"COMMIT": COMMIT, "UPDATE_PLAN": False})
    assert "disableConcurrentBuilds" in result["options"]
    assert result["parameters"] == {"COMMIT": "", "UPDATE_PLAN": False}


def test_untrusted_values_reach_shells_only_as_variables() -> None:
    for _, _, call in everything():
        if call["step"] == "sh":
            assert COMMIT not in call["script"]
            assert "pull/7" not in call["script"]
            assert f"={PULL_REQUEST}" not in call["script"]


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_no_secret_is_interpolated_by_groovy(pipeline: str) -> None:
    text = (ROOT / pipeline).read_text(encoding="utf-8")
    for name in ("GITHUB_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_BACKEND_URL"):
        assert f"${{{name}}}" not in text
        assert f"env.{name}" not in text


def test_the_harness_refuses_a_step_unknown_to_declarative_pipelines(tmp_path: Any) -> None:
    wrong = tmp_path / "Jenkinsfile"
    wrong.write_text("pipeline { agent none\n stages { stage('x') { step { sh 'true' } } } }")
    scenario = [{"branch": "main", "parameters": {}, "statuses": {}}]
    with pytest.raises(AssertionError, match="step is not allowed in stage"):
        run("pipeline.groovy", str(wrong), scenario)
