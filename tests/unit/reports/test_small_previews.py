"""What a report shows, hides and truncates, for small previews."""

from typing import Any

import pytest

from nexus.kinds import KINDS
from reports.limit import LIMIT
from reports.markdown import Added, report
from reports.preview import NotAPreview, Preview
from tests.unit.reports.previews import preview, reported, repository, step


@pytest.mark.parametrize(
    "body",
    [
        {"httpClient": {"authentication": {"password": "hunter2"}}},
        {"bearerToken": "hunter2"},
        {"secretAccessKey": ["hunter2"]},
        {"proxy": {"remoteUrl": "https://ci:hunter2@mirror.domain.org/"}},
        {"envs": ["ADMIN_PASSWORD=hunter2"]},
        {"pem": "-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----\n"},
    ],
)
def test_a_secret_unknown_to_pulumi_is_masked(body: dict[str, Any]) -> None:
    for text in (
        reported(step("create", "x", None, repository("x", **body))),
        reported(step("update", "x", repository("x", online=True), repository("x", **body))),
        reported(step("delete", "x", repository("x", **body), None)),
    ):
        assert "hunter2" not in text
        assert "[secret]" in text


def test_a_changed_secret_is_only_shown_by_its_key() -> None:
    text = reported(step("update", "x", repository("x", password="one"), repository("x", password="two")))
    assert "`password` (secret)" in text
    assert "one" not in text.replace("one or", "").replace("one that", "")


def test_names_and_values_cannot_break_out_of_the_report() -> None:
    name = '</details>`|"]--x\n```\n@everyone'
    old, new = repository(name, note="a"), repository(name, note="```\n</details>")
    text = reported(step("update", "x", old, new))
    chart = text.split("```mermaid")[1].split("\n```")[0]
    assert '"]--x' not in chart
    assert text.count("\n```") == 4
    (row,) = [line for line in text.splitlines() if line.startswith("| update")]
    assert row.replace("\\|", "").count("|") == 5


def test_a_long_report_truncates_its_diff_first_and_says_so() -> None:
    old = repository("x", **{f"key{index}": "a" * 150 for index in range(20)})
    steps = [step("delete", f"r{index}", {**old, "name": f"r{index}"}, None) for index in range(60)]
    text = reported(*steps)
    assert LIMIT * 0.9 < len(text) <= LIMIT
    assert text.count("`r59`") == 2
    assert "of 60 resources are cut from the full diff" in text
    assert text.rstrip().endswith("</details>")


def test_a_truncated_table_has_the_number_of_missing_lines() -> None:
    text = reported(
        *(step("update", f"r{i}", repository(f"r{i}"), repository(f"r{i}", **{f"key{i}": i})) for i in range(1, 3000))
    )
    assert len(text) <= LIMIT
    assert "more lines are cut here" in text


def test_the_largest_stack_still_has_a_diagram_of_its_changes() -> None:
    same = [step("same", f"r{i}", repository(f"r{i}"), repository(f"r{i}")) for i in range(100)]
    text = reported(*same, step("update", "odd", repository("odd", a=1), repository("odd", a=2)))
    assert '"odd<br/>hosted<br/>update"' in text
    assert "100 more repositories, unchanged" in text


def test_three_steps_of_a_replacement_count_as_one() -> None:
    old, new = repository("x", a=1), repository("x", a=2)
    steps = [step(op, "x", old, new) for op in ("create-replacement", "replace", "delete-replaced")]
    assert "**Replace 1.**" in reported(*steps)


def test_errors_and_warnings_have_no_absolute_paths_or_colours() -> None:
    text = reported(
        diagnostics=(
            {"severity": "error", "message": 'error: \x1b[31mTypeError\x1b[0m in "/srv/ci/build/stacks/settings.py"\n'},
            {"severity": "warning", "message": "warning: using pulumi-resource-docker from $PATH at /srv/x\n"},
            {"severity": "warning", "message": "warning: deprecated\n"},
        )
    )
    assert '> - TypeError in "stacks/settings.py"' in text
    assert "- deprecated" in text
    assert "/srv" not in text


def test_each_note_about_an_upgrade_is_a_warning_of_its_own() -> None:
    message = "warning: Nexus 3.86.2 -> 3.96.0: x. First: make backup\n  3.87 repositories: y. First: clean up\n"
    text = reported(diagnostics=({"severity": "warning", "message": message},))
    assert "- Nexus 3.86.2 -\\> 3.96.0: x. First: make backup\n- 3\\.87 repositories: y. First: clean up" in text


def test_what_was_only_cancelled_is_no_reason() -> None:
    canceled = {"severity": "error", "message": "error: reading the image: context canceled"}
    both = reported(diagnostics=({"severity": "error", "message": "error: no such image"}, canceled))
    assert "> - no such image" in both
    assert "context canceled" not in both
    assert "> - reading the image: context canceled" in reported(diagnostics=(canceled,))


def test_a_url_is_not_treated_as_a_path() -> None:
    message = "error: https://nexus.domain.org/service/rest/swagger.json does not answer"
    assert "nexus.domain.org/service/rest/swagger.json" in reported(
        diagnostics=({"severity": "error", "message": message},)
    )


def test_an_invalid_preview_is_refused() -> None:
    with pytest.raises(NotAPreview):
        Preview.parse({"version": 3})


def test_the_stacks_internal_list_of_repositories_is_not_shown() -> None:
    lists = [{"kind": "hostedRepositories", "name": "hosted", "body": {"names": names}} for names in ("a", "a b")]
    own = step("update", "hosted-repositories", lists[0], lists[1], "pulumi-python:dynamic/nexus:HostedRepositories")
    assert "**No changes.**" in reported(own)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "hostedRepositories"])
def test_every_kind_has_its_type_name(name: str) -> None:
    old = {"kind": name, "name": "n", "body": {}}
    new = {**old, "body": {"a": 1}}
    token = KINDS[name].token
    text = reported(step("update", "in-the-program", old, new, f"pulumi-python:dynamic/nexus:{token}"))
    assert f"| update | {token} | `n` | `a` (now `1`) |" in text


SERVER = "repository-store:components:NexusServer"
CONTAINER = "docker:index/container:Container"


def heap(before: dict[str, Any], after: dict[str, Any]) -> str:
    hidden = {"envs": "[secret]", "memory": 3072}
    container = step("replace", "nexus", hidden, {**hidden, "memory": 4096}, CONTAINER)
    container["diffReasons"] = ["envs"]
    return reported(step("update", "nexus-server", before, after, SERVER), container)


def test_a_changed_heap_has_its_old_and_new_value() -> None:
    text = heap({"heap": "1024m", "directMemory": "512m"}, {"heap": "2048m", "directMemory": "512m"})
    assert "| `heap` (`1024m` to `2048m`), `memory` (`3072` to `4096`) |" in text
    assert "-     heap: 1024m\n+     heap: 2048m" in text
    assert "envs" not in text


def test_without_plain_values_the_heap_is_not_shown() -> None:
    text = heap({}, {"heap": "2048m", "directMemory": "512m"})
    assert "heap" not in text
    same = {"heap": "1g", "directMemory": "1g"}
    assert "heap" not in heap(same, same)


def test_ports_are_shown_as_added_and_removed_in_any_order() -> None:
    def ports(*externals: int) -> dict[str, Any]:
        found = [{"external": each, "internal": each + 8000, "ip": "10.0.0.5", "protocol": "tcp"} for each in externals]
        return {"ports": found}

    text = reported(step("replace", "nginx", ports(443, 80, 5000), ports(80, 5000, 5001), CONTAINER))
    difference = "`ports` (added `10.0.0.5:5001->13001/tcp`; removed `10.0.0.5:443->8443/tcp`)"
    assert f"| {difference} |" in text
    assert "-     ports: 10.0.0.5:443->8443/tcp\n+     ports: 10.0.0.5:5001->13001/tcp" in text
    assert "5000" not in text
    assert "5000" in reported(step("replace", "nginx", ports(443, 5000), ports(443), CONTAINER))


def test_what_is_taken_over_is_adopted_and_what_stays_on_the_server_loses_no_data() -> None:
    ours = repository("c", online=True)
    text = reported(
        *(step("create", name, None, {**repository(name), "adopted": True}) for name in ("a", "b")),
        step("create", "c", None, {**ours, "adopted": True, "differing": '{"online": false}'}),
        step("create", "new", None, {**repository("new"), "adopted": False}),
    )
    assert "**Adopt 3, change 1 of them, create 1.**" in text
    assert "| adopt | Repository | `c` | `online` (`false` to `true`) |" in text
    assert '"a<br/>hosted<br/>adopt"' in text
    theirs = {**repository("theirs"), "adopted": True}
    text = reported(step("delete", "theirs", theirs, None))
    assert "**Stop managing 1.**" in text
    assert "loses data" not in text
    assert "it stays on the server" in text


def test_what_is_on_an_external_server_and_not_declared_is_counted_by_kind() -> None:
    adopted = step("create", "a", None, {**repository("a"), "adopted": True})
    others = {"repositories": 3_013, "routingRules": 1, "cleanupPolicies": 2, "email": 1, "http": 1}
    text = report(Preview.parse(preview(adopted)), added=Added(undeclared=others))
    assert (
        "Not declared: 3,012 repositories, 1 routing rule, 2 cleanup policies, 2 settings; "
        "`make report STACK=staging` lists them." in text
    )
    assert "Not declared" not in report(Preview.parse(preview(adopted)), added=Added(undeclared={"repositories": 1}))
