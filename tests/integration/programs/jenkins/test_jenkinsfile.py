"""The pipelines run in a real Groovy: which stages, on which agents, with which credentials and which steps."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.integration.programs.jenkins.groovy import ROOT, run

UNTRUSTED = "Jenkinsfile"
STAGING, PRODUCTION, PREVIEW, NIGHTLY = (
    f"jenkins/pipelines/{name}.Jenkinsfile" for name in ("staging", "production", "preview", "nightly")
)
PIPELINES = (UNTRUSTED, STAGING, PRODUCTION, PREVIEW, NIGHTLY)
CREDENTIALS = ["pulumi-backend-url as PULUMI_BACKEND_URL", "pulumi-passphrase as file PULUMI_CONFIG_PASSPHRASE_FILE"]
COMMIT, ELSEWHERE = "c" * 40, "d" * 40
PULL_REQUEST = "7"
ASKED = {"PULL_REQUEST": PULL_REQUEST, "COMMIT": COMMIT}


def job(stack: str) -> dict[str, str]:
    return {"JOB_NAME": f"repository-store-{stack}/preview"}


@cache
def built(pipeline: str, *more: tuple[str, Any]) -> dict[str, Any]:
    usual = {
        "branch": "main",
        "pullRequest": False,
        "parameters": {},
        "statuses": {},
        "env": {"CHANGE_URL": "https://github.com.evil.example/team/store/pull/7", "CHANGE_ID": PULL_REQUEST},
    }
    given = {**usual, **{key: dict(value) if isinstance(value, tuple) else value for key, value in more}}
    (result,) = run("pipeline.groovy", pipeline, [given])
    return result


def build(pipeline: str, **scenario: Any) -> dict[str, Any]:
    return built(pipeline, *((k, tuple(v.items()) if isinstance(v, dict) else v) for k, v in scenario.items()))


def stages(result: dict[str, Any]) -> list[str]:
    return [stage["stage"] for stage in result["stages"]]


def calls(result: dict[str, Any], name: str) -> list[dict[str, Any]]:
    (found,) = [stage["calls"] for stage in result["stages"] if stage["stage"] == name]
    return list(found)


def everything() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every call of every pipeline, with its stage, for each way to run the pipeline."""
    runs: tuple[tuple[str, dict[str, Any]], ...] = (
        (UNTRUSTED, {"branch": "main"}),
        (UNTRUSTED, {"branch": "PR-7", "pullRequest": True}),
        (STAGING, {}),
        (PRODUCTION, {"parameters": {"COMMIT": COMMIT, "UPDATE_PLAN": True}}),
        (PREVIEW, {"parameters": ASKED, "env": job("staging")}),
        (PREVIEW, {"parameters": ASKED, "env": job("production")}),
        (NIGHTLY, {}),
    )
    for pipeline, scenario in runs:
        for stage in build(pipeline, **scenario)["stages"]:
            for call in stage["calls"]:
                yield pipeline, stage, call


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


@pytest.mark.parametrize("stack", ["staging", "production"])
def test_a_preview_fetches_exactly_the_approved_commit(stack: str) -> None:
    result = build(PREVIEW, parameters=ASKED, env=job(stack))
    assert stages(result) == ["Approval", "Preview", "Comment"]
    (approval,) = calls(result, "Approval")
    assert approval["submitter"] == "store-approvers"
    assert COMMIT in approval["message"]
    assert "of https://git.domain.org/team/store/pull/7?" in approval["message"]
    agents = {stage["stage"]: stage["agent"] for stage in result["stages"]}
    assert agents == {"Approval": "none", "Preview": "preview", "Comment": "comment"}
    ((code,), (main,)) = (
        [call for call in calls(result, stage) if call["step"] == "checkout"] for stage in ("Preview", "Comment")
    )
    assert (code["branch"], code["refspec"]) == (COMMIT, "+refs/pull/7/head:refs/remotes/origin/pull-request")
    assert main["branch"] == "main"
    for stage in ("Preview", "Comment"):
        assert calls(result, stage)[0] == calls(result, stage)[-1] == {"step": "deleteDir"}


COMMENTS = "https://git.domain.org/api/v3"


def test_only_code_of_main_gets_the_token_for_comments() -> None:
    result = build(PREVIEW, parameters=ASKED, env=job("staging"))
    scripts = {
        (stage, call["script"].split()[2]): call["within"]
        for stage in ("Preview", "Comment")
        for call in calls(result, stage)
        if call["step"] == "sh"
    }
    assert scripts == {
        ("Preview", "preview-report"): ["in code", *CREDENTIALS],
        ("Comment", "preview-comment"): [
            "in main",
            "github-token as GITHUB_TOKEN",
            f"PULL_REQUEST={PULL_REQUEST}",
            "GITHUB_REPOSITORY=team/store",
            f"GITHUB_API_URL={COMMENTS}",
        ],
    }


def test_the_token_and_unreviewed_code_never_meet_on_one_agent() -> None:
    """Unreviewed is all that the multibranch job runs, and what is checked out at another commit than main's."""
    unreviewed, with_token = set(), set()
    for pipeline, stage, call in everything():
        if pipeline == UNTRUSTED or (call["step"] == "checkout" and call["branch"] != "main"):
            unreviewed.add(stage["agent"])
        if "github-token as GITHUB_TOKEN" in call.get("within", ()):
            with_token.add(stage["agent"])
    assert unreviewed == {"check", "preview", "none"}
    assert with_token == {"comment"}


def test_what_a_pull_request_wrote_is_kept_out_of_the_checkout_that_has_the_token() -> None:
    done = calls(build(PREVIEW, parameters=ASKED, env=job("staging")), "Comment")
    (report,) = [call for call in done if call["step"] == "unstash"]
    assert report == {"step": "unstash", "name": "report", "within": ["in report"]}
    (script,) = [call["script"] for call in done if call["step"] == "sh"]
    assert "REPORT=../report/preview-staging.md" in script


@pytest.mark.parametrize(
    ("url", "repository", "api"),
    [
        ("https://github.com/team/store", "team/store", "https://api.github.com"),
        ("git@github.com:team/store.git", "team/store", "https://api.github.com"),
        ("ssh://git@git.domain.org/team/store.git", "team/store", COMMENTS),
    ],
)
def test_the_token_goes_where_the_job_is_configured(url: str, repository: str, api: str) -> None:
    result = build(PREVIEW, parameters=ASKED, env=job("staging"), url=url)
    (comment,) = [call for call in calls(result, "Comment") if call["step"] == "sh"]
    assert comment["within"][-2:] == [f"GITHUB_REPOSITORY={repository}", f"GITHUB_API_URL={api}"]


@pytest.mark.parametrize(
    "url", ["/srv/store.git", "https://token@git.domain.org/team/store", "https://git.domain.org/a"]
)
def test_another_address_of_the_repository_is_refused_before_the_approval(url: str) -> None:
    result = build(PREVIEW, parameters=ASKED, env=job("staging"), url=url)
    assert stages(result) == ["Approval"]
    assert calls(result, "Approval") == []
    assert "allowed: https://HOST/OWNER/NAME" in result["failure"]


@pytest.mark.parametrize(
    "parameters",
    [
        {**ASKED, "COMMIT": "main"},
        {**ASKED, "COMMIT": COMMIT + "; id"},
        {**ASKED, "PULL_REQUEST": ""},
        {**ASKED, "PULL_REQUEST": PULL_REQUEST + "$(id)"},
        {**ASKED, "PULL_REQUEST": "7/../8"},
        {**ASKED, "PULL_REQUEST": "https://github.com.evil.example/team/store/pull/7"},
    ],
)
def test_a_preview_with_invalid_parameters_is_refused_before_the_approval(parameters: dict[str, str]) -> None:
    result = build(PREVIEW, parameters=parameters, env=job("staging"))
    assert stages(result) == ["Approval"]
    assert calls(result, "Approval") == []
    assert "PULL_REQUEST and COMMIT: allowed" in result["failure"]


def test_a_preview_in_another_folder_is_refused_before_the_approval() -> None:
    result = build(PREVIEW, parameters=ASKED, env={"JOB_NAME": "team/preview"})
    assert stages(result) == ["Approval"]
    assert calls(result, "Approval") == []
    assert "JOB_NAME: 'team/preview' is not known" in result["failure"]


def test_a_preview_uses_no_variable_that_jenkins_does_not_set() -> None:
    """Folders give pipelines no variables: the plugin folder-properties documents a step that each has to call."""
    assert set(re.findall(r"\benv\.(\w+)", (ROOT / PREVIEW).read_text(encoding="utf-8"))) == {"JOB_NAME"}


def test_a_failed_preview_fails_the_build_after_its_report_was_posted() -> None:
    result = build(PREVIEW, parameters=ASKED, env=job("staging"), statuses={"preview-report": 1})
    assert result["failure"] == "The preview of staging failed or a policy forbids it: see its report"
    assert [call["step"] for call in calls(result, "Comment")][-3:] == ["checkout", "sh", "deleteDir"]


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
