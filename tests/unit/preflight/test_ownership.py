"""Objects with a stack's names on the engine are distinguished by the id of the state."""

import pytest

from preflight.engine_objects import EngineObject, Kind
from preflight.ownership import Ownership, name_taken, others
from preflight.state_id import state_id, state_id_in

OURS, THEIRS = "0123456789abcdef", "fedcba9876543210"


def found(kind: Kind, role: str, label: str = "", id_: str = "") -> EngineObject:
    name = f"repository-store-local-{role}"
    return EngineObject(kind, role, name, id_ or f"id-of-{name}", label)


NEXUS = found(Kind.CONTAINER, "nexus")
DATA = found(Kind.VOLUME, "nexus-data", id_="repository-store-local-nexus-data")


@pytest.mark.parametrize(
    ("label", "ownership", "ours"),
    [
        (OURS, Ownership(OURS), True),
        (THEIRS, Ownership(OURS), False),
        (THEIRS, Ownership(None), False),
        # From before labels existed: the program knows that its state is older, and the command line its content.
        ("", Ownership(OURS), True),
        ("", Ownership(None), False),
        ("", Ownership(OURS, ids=frozenset({NEXUS.id})), True),
        ("", Ownership(OURS, ids=frozenset()), False),
        (THEIRS, Ownership(OURS, ids=frozenset()), False),
        (OURS, Ownership(OURS, ids=frozenset()), True),
    ],
)
def test_a_container_is_ours_by_its_label_or_by_being_in_the_state(
    label: str, ownership: Ownership, ours: bool
) -> None:
    assert ownership.is_ours(found(Kind.CONTAINER, "nexus", label)) is ours


@pytest.mark.parametrize(
    ("label", "ownership", "ours"),
    [
        ("", Ownership(None), False),
        ("", Ownership(None, retained=frozenset({"nexus-data"})), True),
        (THEIRS, Ownership(None, retained=frozenset({"nexus-data"})), True),
        ("", Ownership(OURS, ids=frozenset(), retained=frozenset({"acme"})), False),
        # Left by an earlier state of the stack, and taken over by this one.
        (THEIRS, Ownership(OURS), True),
        (THEIRS, Ownership(OURS, ids=frozenset({DATA.id})), True),
        (THEIRS, Ownership(OURS, ids=frozenset()), False),
    ],
)
def test_a_volume_is_also_ours_if_the_stack_file_retains_it(label: str, ownership: Ownership, ours: bool) -> None:
    assert ownership.is_ours(found(Kind.VOLUME, "nexus-data", label, DATA.id)) is ours


def test_without_objects_of_others_there_is_no_problem() -> None:
    assert name_taken("local", others([], Ownership(None))) is None


def test_the_error_names_existing_objects_and_the_fixes() -> None:
    problem = name_taken("local", [NEXUS, DATA])
    assert str(problem) == (
        "stack local: the engine already has container repository-store-local-nexus, "
        "volume repository-store-local-nexus-data, which another stack of this name made "
        "(allowed names that are free, or in this stack's state). "
        "Fix: another name: make new-stack NAME=other, or make down STACK=local where the other one was made, "
        "or, if its state is lost: docker rm --force repository-store-local-nexus, "
        "or, to go on with its data: pulumi config set --path 'retain[0]' nexus-data"
    )


def test_an_existing_volume_is_taken_over_by_retaining_it() -> None:
    problem = str(name_taken("local", [DATA]))
    assert "or, to go on with its data: pulumi config set --path 'retain[0]' nexus-data" in problem
    assert "docker rm" not in problem


def key(fingerprint: object) -> dict[str, object]:
    return {
        "type": "tls:index/privateKey:PrivateKey",
        "urn": "urn:pulumi:local::repository-store::repository-store:components:NexusServer$"
        "tls:index/privateKey:PrivateKey::nexus-initial-password",
        "outputs": {"publicKeyFingerprintSha256": fingerprint},
    }


def test_the_id_is_unique_and_stable_for_a_state() -> None:
    assert state_id_in([{"type": "pulumi:pulumi:Stack", "urn": "x"}, key("SHA256:a")]) == state_id("SHA256:a")
    assert state_id("SHA256:a") != state_id("SHA256:b")
    assert len(state_id("SHA256:a")) == 16
    assert state_id_in([]) is None
    assert state_id_in([key(None)]) is None
