"""Runs the pipelines in a real Groovy: which stages, on which agents, with which credentials and which steps."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.integration.programs.jenkins.groovy import run

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
