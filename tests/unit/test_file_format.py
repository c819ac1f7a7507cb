"""What reaches states and readers of outputs is a file format: a change here is a change for everybody who has a stack."""

import base64

import dill

from nexus.kinds import KINDS
from nexus.provider import NexusProvider
from nexus.resources import _CLASSES, NexusObject


def test_the_type_tokens_are_these() -> None:
    assert {kind: cls._resource_type_name for kind, cls in _CLASSES.items()} == {
        "blobStore": "dynamic/nexus:BlobStore",
        "repository": "dynamic/nexus:Repository",
        "role": "dynamic/nexus:Role",
        "user": "dynamic/nexus:User",
        "realms": "dynamic/nexus:Realms",
        "anonymous": "dynamic/nexus:AnonymousAccess",
        "password": "dynamic/nexus:Password",
        "eula": "dynamic/nexus:Eula",
    }
    assert set(_CLASSES) == set(KINDS)
    assert all(issubclass(cls, NexusObject) for cls in _CLASSES.values())


def test_the_provider_is_stored_by_its_dotted_path() -> None:
    stored = dill.dumps(NexusProvider())
    assert b"nexus.provider" in stored
    assert b"NexusProvider" in stored
    assert len(base64.b64encode(stored)) < 100
