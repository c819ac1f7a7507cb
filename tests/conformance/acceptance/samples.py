"""The stack files of a run: one object of each format and type, and of each other kind."""

from collections.abc import Mapping
from typing import Any

from nexus.schema.merging import merged
from tests.integration.provider.licensed import licensed
from tests.integration.provider.samples import everything_else, repositories

Wanted = dict[str, Any]

# Requests of the API without an object here.
NOT_TRIED: Mapping[str, str] = {
    "blobStore/s3": "needs a bucket of a cloud",
    "blobStore/azure": "needs a bucket of a cloud",
    "blobStore/google": "needs a bucket of a cloud",
    "eula": "is accepted once and for all",
    "telemetryAcknowledgement": "is acknowledged once and for all",
    "serviceAccountToken": "is not managed by a stack file",
}
PASSWORDS = {"bob": "the-bob-password"}
"""The passwords of the users other than the administrator."""
_CLOUD = ("on-s3", "on-azure", "on-google")


def of_repositories(recipes: set[str]) -> Wanted:
    """A repository of each recipe, and the objects that their fields may name."""
    made = repositories(recipes)
    for name, body in made.items():
        if body["type"] == "group":
            body["group"] = {"memberNames": [_member(made, name)]}
    return {
        "cleanupPolicies": {"old": {"format": "*", "criteriaLastDownloaded": 30}},
        "routingRules": {"no-internal": {"matchers": ["^/org/domain/.*"]}},
        "repositories": made,
    }


def _member(made: Mapping[str, Any], group: str) -> str:
    hosted = group.replace("-group", "-hosted")
    return hosted if hosted in made else group.replace("-group", "-proxy")


def of_the_rest() -> Wanted:
    """Every other kind that works without a cloud."""
    found = merged(everything_else(), licensed())
    for name in _CLOUD:
        del found["blobStores"][name]
    for section in ("passwords", "telemetryAcknowledgement"):
        del found[section]
    found["cleanupPolicies"] = {"old": {"format": "raw", "criteriaLastDownloaded": 30}}
    del found["roles"]["reader"]["pull"]  # implies further privileges
    login = {"enabled": True, "username": "nexus", "password": "proxy-secret", "ntlmHost": "h", "ntlmDomain": "d"}
    found["httpProxy"]["httpProxy"]["authInfo"] = login
    anonymous = {"enabled": False, "userId": "anonymous", "realmName": "NexusAuthorizingRealm"}
    return {**found, "realms": ["NexusAuthenticatingRealm", "DefaultRole"], "anonymousAccess": anonymous}


def without(wanted: Wanted, lacking: set[tuple[str, str]]) -> Wanted:
    """The stack file without some objects, by section and name; a setting's name is its section."""
    found: Wanted = {}
    for section, part in wanted.items():
        if (section, section) in lacking:
            continue
        found[section] = (
            {name: one for name, one in part.items() if (section, name) not in lacking}
            if isinstance(part, dict) and any(key == section for key, _ in lacking)
            else part
        )
    return found
