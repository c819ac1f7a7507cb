"""What a report shows, hides and cuts, on previews made for the one thing at hand."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexus.kinds import KINDS
from nexus.kinds.kind import Shape
from reports import events
from reports.limit import LIMIT
from reports.markdown import report
from reports.preview import NotAPreview, Preview
from tests.unit.reports.previews import preview, repository, step

ROOT = Path(__file__).parents[3]


def reported(*steps: dict[str, Any], **more: Any) -> str:
    return report(Preview.parse(preview(*steps, **more)))


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
def test_a_secret_that_pulumi_does_not_know_is_masked(body: dict[str, Any]) -> None:
    for text in (
        reported(step("create", "x", None, repository("x", **body))),
        reported(step("update", "x", repository("x", online=True), repository("x", **body))),
        reported(step("delete", "x", repository("x", **body), None)),
    ):
        assert "hunter2" not in text
        assert "[secret]" in text


def test_a_changed_secret_is_told_by_its_key_alone() -> None:
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


def test_a_report_that_is_too_long_loses_its_diff_first_and_says_so() -> None:
    old = repository("x", **{f"key{index}": "a" * 150 for index in range(20)})
    steps = [step("delete", f"r{index}", {**old, "name": f"r{index}"}, None) for index in range(60)]
    text = reported(*steps)
    assert LIMIT * 0.9 < len(text) <= LIMIT
    assert text.count("`r59`") == 2
    assert "of 60 resources are cut from the full diff" in text
    assert text.rstrip().endswith("</details>")


def test_a_table_that_is_too_long_says_how_many_lines_are_missing() -> None:
    text = reported(
        *(step("update", f"r{i}", repository(f"r{i}"), repository(f"r{i}", **{f"key{i}": i})) for i in range(1, 3000))
    )
    assert len(text) <= LIMIT
    assert "more lines are cut here" in text


def test_the_largest_stack_still_has_a_picture_of_what_changes() -> None:
    same = [step("same", f"r{i}", repository(f"r{i}"), repository(f"r{i}")) for i in range(100)]
    text = reported(*same, step("update", "odd", repository("odd", a=1), repository("odd", a=2)))
    assert '"odd<br/>hosted<br/>update"' in text
    assert "100 more repositories, unchanged" in text


def test_a_replacement_in_three_steps_is_one() -> None:
    old, new = repository("x", a=1), repository("x", a=2)
    steps = [step(op, "x", old, new) for op in ("create-replacement", "replace", "delete-replaced")]
    assert "**1 to replace.**" in reported(*steps)


def test_a_retained_volume_loses_nothing() -> None:
    volume = "docker:index/volume:Volume"
    gone = step("delete", "nexus-data", {"name": "v"}, None, volume)
    assert "> [!CAUTION]" in reported(gone)
    gone["oldState"]["retainOnDelete"] = True
    assert "> [!CAUTION]" not in reported(gone)
    assert "the volume itself is retained" in reported(gone)


def test_an_error_and_a_warning_lose_their_paths_and_colours() -> None:
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


def test_a_url_is_no_path_of_the_machine() -> None:
    message = "error: https://nexus.domain.org/service/rest/swagger.json does not answer"
    assert "nexus.domain.org/service/rest/swagger.json" in reported(
        diagnostics=({"severity": "error", "message": message},)
    )


def test_what_is_no_preview_is_refused() -> None:
    with pytest.raises(NotAPreview):
        Preview.parse({"version": 3})


@pytest.mark.parametrize(("text", "message"), [("", "not JSON at line 1"), ("[]", "neither steps nor diagnostics")])
def test_the_command_refuses_in_one_line(text: str, message: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "reports"], input=text, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert message in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_command_reads_a_file_and_names_the_stack_of_a_preview_that_did_not_begin(tmp_path: Path) -> None:
    document = tmp_path / "preview.json"
    document.write_text(json.dumps(preview()))
    command = [sys.executable, "-m", "reports", str(document), "--stack", "production"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.startswith("<!-- repository-store preview of production -->\n\n### Preview of `production`")


def policy_event(level: str) -> dict[str, Any]:
    return {
        "resourceUrn": "urn:pulumi:staging::repository-store::docker:index/remoteImage:RemoteImage::nexus-image",
        "message": "Images are named by their digest.\nnexus3:3.95.2 can be another image tomorrow\n",
        "policyName": "image-by-digest",
        "enforcementLevel": level,
    }


def test_a_policy_forbids_in_its_own_words() -> None:
    document = preview(diagnostics=({"severity": "error", "message": "preview failed\n"},))
    text = report(
        Preview.parse({**document, "policies": [policy_event("mandatory"), policy_event("mandatory")]}), "staging"
    )
    assert "**1 policy violation forbids this.**" in text
    assert "> - `image-by-digest`: nexus3:3.95.2 can be another image tomorrow" in text
    assert "No changes" not in text


def test_a_policy_that_advises_forbids_nothing() -> None:
    text = report(Preview.parse({**preview(), "policies": [policy_event("advisory")]}), "staging")
    assert "> [!NOTE]\n> **Policies advise against:**" in text
    assert "**No changes.**" in text


def test_the_stream_of_events_says_the_same_as_the_document() -> None:
    signed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hunter2"}
    found = step("update", "x", repository("x", a=1, note=signed), repository("x", a=2, note=signed))
    metadata = {"op": "update", "urn": found["urn"], "old": found["oldState"], "new": found["newState"]}
    lines = [
        {"sequence": 1, "diagnosticEvent": {"severity": "debug", "message": "registering"}},
        {"sequence": 2, "resourcePreEvent": {"metadata": metadata}},
        {"sequence": 3, "policyEvent": policy_event("advisory")},
    ]
    streamed = report(Preview.parse(events.document(map(json.dumps, lines))))
    assert streamed == report(Preview.parse({**preview(found), "policies": [policy_event("advisory")]}))
    assert "hunter2" not in streamed


def test_what_stays_on_the_server_loses_nothing() -> None:
    assert "> [!CAUTION]" in reported(step("delete", "x", repository("x"), None))
    assert "> [!CAUTION]" not in reported(step("delete", "x", {**repository("x"), "onDelete": "keep"}, None))


def test_the_stack_s_own_list_of_its_repositories_is_no_change_to_be_reviewed() -> None:
    lists = [{"kind": "hostedRepositories", "name": "hosted", "body": {"names": names}} for names in ("a", "a b")]
    own = step("update", "hosted-repositories", lists[0], lists[1], "pulumi-python:dynamic/nexus:HostedRepositories")
    assert "**No changes.**" in reported(own)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].shape is not Shape.INVENTORY])
def test_every_kind_of_nexus_is_named_as_nexus_names_it(name: str) -> None:
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


def test_a_heap_is_told_with_what_it_was_and_what_it_is_to_be() -> None:
    text = heap({"heap": "1024m", "directMemory": "512m"}, {"heap": "2048m", "directMemory": "512m"})
    assert "| `heap` (`1024m` to `2048m`), `memory` (`3072` to `4096`) |" in text
    assert "-     heap: 1024m\n+     heap: 2048m" in text
    assert "envs" not in text


def test_what_nobody_has_in_plain_stays_a_secret() -> None:
    text = heap({}, {"heap": "2048m", "directMemory": "512m"})
    assert "heap" not in text
    same = {"heap": "1g", "directMemory": "1g"}
    assert "heap" not in heap(same, same)


def test_ports_are_told_as_added_and_removed_wherever_they_stand() -> None:
    def ports(*externals: int) -> dict[str, Any]:
        found = [{"external": each, "internal": each + 8000, "ip": "10.0.0.5", "protocol": "tcp"} for each in externals]
        return {"ports": found}

    text = reported(step("replace", "nginx", ports(443, 80, 5000), ports(80, 5000, 5001), CONTAINER))
    difference = "`ports` (added `10.0.0.5:5001->13001/tcp`; removed `10.0.0.5:443->8443/tcp`)"
    assert f"| {difference} |" in text
    assert "-     ports: 10.0.0.5:443->8443/tcp\n+     ports: 10.0.0.5:5001->13001/tcp" in text
    assert "5000" not in text
    assert "5000" in reported(step("replace", "nginx", ports(443, 5000), ports(443), CONTAINER))


ANONYMOUS = "pulumi-python:dynamic/nexus:AnonymousAccess"


def anonymous(enabled: bool, user: str = "anonymous") -> dict[str, Any]:
    return {"kind": "anonymous", "name": "anonymous", "body": {"enabled": enabled, "userId": user}}


@pytest.mark.parametrize(
    ("before", "after", "warning"),
    [
        (anonymous(False), anonymous(True), "everybody who reaches the store has the rights of the user anonymous"),
        (anonymous(True), anonymous(True, "guest"), "has the rights of the user guest"),
        (anonymous(True), anonymous(False), "requests without a login are refused from then on"),
    ],
)
def test_access_without_a_login_is_among_what_affects_users(
    before: dict[str, Any], after: dict[str, Any], warning: str
) -> None:
    text = reported(step("update", "anonymous", before, after, ANONYMOUS))
    assert text.index("> [!WARNING]") < text.index(warning) < text.index("| Operation |")


def test_a_store_that_is_closed_from_the_beginning_takes_nothing_from_anybody() -> None:
    assert "> [!" not in reported(step("create", "anonymous", None, anonymous(False), ANONYMOUS))
    opened = reported(step("create", "anonymous", None, anonymous(True), ANONYMOUS))
    assert "**This opens the store to others:**" in opened


@pytest.mark.parametrize("kind", ["User", "Password"])
def test_a_new_password_is_among_what_affects_users(kind: str) -> None:
    def login(password: str, name: str = "C") -> dict[str, Any]:
        return {"kind": kind.lower(), "name": "ci", "body": {"firstName": name, "password": password}}

    def changed(old: dict[str, Any], new: dict[str, Any]) -> str:
        return reported(step("update", "ci", old, new, f"pulumi-python:dynamic/nexus:{kind}"))

    assert "> - `ci` (login) gets another password: clients that still send the old one are refused" in changed(
        login("one"), login("two")
    )
    assert "another password" not in changed(login("one"), login("one", "D")).split("<details>")[0]


def test_a_warning_about_the_store_is_text_before_the_changes(tmp_path: Path) -> None:
    file = tmp_path / "preview.json"
    file.write_text(json.dumps(preview(step("create", "x", None, repository("x")))))
    warning = "80000 of 100000 <b>are</b> used\n| x |"
    command = [sys.executable, "-m", "reports", str(file), "--warning", warning, "--warning", "another"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert text.index("> [!WARNING]\n> 80000 of 100000 &lt;b\\>are") < text.index("| Operation |")
    assert "\n> another\n" in text
