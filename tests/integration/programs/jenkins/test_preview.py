"""The pipeline that previews a stack with the code of a pull request, run in a real Groovy."""

import re

import pytest

from tests.integration.programs.jenkins.groovy import ROOT
from tests.integration.programs.jenkins.pipelines import (
    ASKED,
    COMMIT,
    CREDENTIALS,
    PREVIEW,
    PULL_REQUEST,
    UNTRUSTED,
    build,
    calls,
    everything,
    job,
    stages,
)


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
