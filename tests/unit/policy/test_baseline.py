"""What was known when a server was taken over is counted and not refused; whatever is new is."""

from pathlib import Path

import pytest

from policy import baseline
from policy.baseline import Baseline, Known
from policy.rule import StackRule
from policy.rules import RULES
from stacks.rules.refusal import Refusal
from tests.unit.policy.cases.found import BAD
from tests.unit.policy.resources import nexus

SHARED = "own-blob-store"
REASON = "it was so when the server was taken over"
MANDATORY = frozenset({SHARED, "administrators"})


def of(*known: tuple[str, str]) -> Baseline:
    return Baseline("stacks/theirs.policies.yaml", tuple(Known(policy, "x", text, REASON) for policy, text in known))


def test_a_known_violation_is_recognised_by_what_is_wrong_and_not_by_its_advice() -> None:
    known = of((SHARED, "a is on Nexus's own blob store"))
    assert known.knows(SHARED, "a is on Nexus's own blob store: name one of its own in storage.blobStoreName")
    assert known.knows(SHARED, "a is on Nexus's own blob store: other advice of a later release")
    assert not known.knows(SHARED, "b is on Nexus's own blob store: name one of its own in storage.blobStoreName")
    assert not known.knows("write-policy", "a is on Nexus's own blob store: name one of its own")


def test_the_count_has_what_is_new_and_names_what_is_mended() -> None:
    known = of((SHARED, "a is shared"), (SHARED, "gone is shared"))
    found = [(SHARED, "a is shared: x"), ("administrators", "bob administers: y"), ("write-policy", "advisory: z")]
    assert list(known.counted(found, MANDATORY)) == [
        "policies: 1 known, 1 new (stacks/theirs.policies.yaml)",
        "policies: own-blob-store is mended: gone is shared. Fix: remove that entry from stacks/theirs.policies.yaml",
    ]


def test_a_right_that_a_role_gets_on_top_of_a_known_one_is_new() -> None:
    (rule,) = (each for each in RULES if isinstance(each, StackRule) and each.name == "administrators")
    before = [nexus("Role", "ops", {"privileges": ["nx-users-all"]})]
    known = of(*((rule.name, baseline.violation(text)) for text in rule.messages(before)))
    after = [nexus("Role", "ops", {"privileges": ["nx-users-all", "nx-tasks-all"]})]
    assert [text for text in rule.messages(before) if not known.knows(rule.name, text)] == []
    (new,) = (text for text in rule.messages(after) if not known.knows(rule.name, text))
    assert "nx-tasks-all" in new


def test_a_repository_beside_does_not_make_the_sharing_of_others_new() -> None:
    (rule,) = (each for each in RULES if isinstance(each, StackRule) and each.name == SHARED)
    on = {"storage": {"blobStoreName": "shared"}}
    before = [nexus("Repository", name, on) for name in ("b", "c", "d")]
    known = of(*((rule.name, baseline.violation(text)) for text in rule.messages(before)))
    after = [nexus("Repository", "a", on), *before]
    assert len([text for text in rule.messages(after) if not known.knows(rule.name, text)]) == 1


@pytest.mark.parametrize("name", BAD)
def test_every_message_says_what_is_wrong_before_its_advice(name: str) -> None:
    (rule,) = (each for each in RULES if each.name == name)
    for resources, _ in BAD[name]:
        assert all(0 < len(baseline.violation(text)) < len(text) for text in rule.messages(resources))


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "STACKS", tmp_path)
    known = (Known("b", "x", "two: of them", REASON), Known("a", "y", "one", '`so` - "it" was: # yes'))
    baseline.file_of("theirs").write_text(baseline.text(known))
    assert sorted(Baseline.of("theirs").known, key=lambda each: each.policy) == [known[1], known[0]]
    assert Baseline.of("theirs").name == f"{tmp_path.name}/theirs.policies.yaml"
    assert Baseline.of("others") == Baseline()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: b", "not a list of known violations"),
        ("- a", "not a known violation"),
        ("- {policy: x, resource: y, violation: z}", "not a known violation (allowed the keys policy, resource, "),
        ("- {policy: x, resource: y, violation: z, reason: ' '}", "[0].reason: no text"),
        ("- {policy: x, resource: y, violation: 1, reason: because}", "[0].violation: no text"),
        ("- {a: b", "it is not YAML"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, problem: str) -> None:
    monkeypatch.setattr(baseline, "STACKS", tmp_path)
    baseline.file_of("theirs").write_text(text)
    with pytest.raises(Refusal) as refused:
        Baseline.of("theirs")
    (line,) = str(refused.value).splitlines()
    assert problem in line
    assert f"Fix: edit {tmp_path.name}/theirs.policies.yaml" in line
