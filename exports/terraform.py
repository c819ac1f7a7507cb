"""What a Terraform state manages on a Nexus: types, names and ids, of either provider, and nothing else of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stacks.topology.sections import MANY

FORMAT = 4
"""The version of the state that Terraform since 0.12, and OpenTofu, write."""
_PROVIDERS = ("nexus_", "sonatyperepo_")
_IDENTITIES: Mapping[str, tuple[str, ...]] = {"roles": ("roleid", "id"), "users": ("user_id", "userid", "id")}
_IDENTITY = ("id", "name")
"""The attributes that are read. The server is the truth for all others, and some of them are secrets."""

# The start of a type without its provider, by the longest that fits.
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "repository": ("repositories",),
    "blobstore": ("blobStores",),
    "blob_store": ("blobStores",),
    "routing_rule": ("routingRules",),
    "cleanup_policy": ("cleanupPolicies",),
    "content_selector": ("contentSelectors",),
    "security_content_selector": ("contentSelectors",),
    "privilege": ("privileges",),
    "role": ("roles",),
    "security_role": ("roles",),
    "user": ("users", "samlUsers", "oauth2Users"),
    "security_user": ("users",),
    "script": ("scripts",),
    "capability": ("capabilities",),
    "task": ("tasks",),
    "security_ldap": ("ldap",),
    "system_config_ldap_connection": ("ldap",),
    "security_ssl_truststore": ("truststore",),
    "mail_config": ("email",),
    "system_config_mail": ("email",),
    "http_client": ("httpProxy",),
    "system_config_http": ("httpProxy",),
    "iqserver": ("iqServer",),
    "system_iq_connection": ("iqServer",),
    "anonymous": ("anonymousAccess",),
    "security_anonymous": ("anonymousAccess",),
    "system_anonymous_access": ("anonymousAccess",),
    "security_realms": ("realms",),
    "security_saml": ("saml",),
    "security_oidc": ("oauth2",),
    "security_oauth2": ("oauth2",),
    "security_user_token": ("userTokens",),
    "security_ssrf_protection": ("ssrfProtection",),
}
_OF_SEVERAL = ("repository", "blobstore", "blob_store", "privilege", "capability", "task")
"""The starts after which a type goes on with a format or type of the object."""
_SINGULAR = {"security_user_tokens": "security_user_token"}
_DERIVED = {
    "security_ldap_order": "the order of `ldap` in the file is the order of the servers",
    "security_user_roles": "roles are listed under the user",
}
"""Types whose content is part of another section."""


class WrongState(ValueError):
    """The file is not the state of either provider."""


@dataclass(frozen=True)
class Managed:
    """One object that Terraform manages."""

    address: str
    """Like `nexus_repository_raw_hosted.files["a"]`, for messages."""
    name: str
    """Its name in Terraform's configuration."""
    sections: tuple[str, ...]
    identities: frozenset[str]
    """Its name and id on the server; empty for a setting, of which there is one."""

    @property
    def is_setting(self) -> bool:
        return self.sections[0] not in MANY


@dataclass(frozen=True)
class Names:
    """What a state manages, and what of it has no section here."""

    managed: tuple[Managed, ...]
    unknown: Mapping[str, str] = field(default_factory=dict)
    """By address, why it is left out."""

    def of(self, section: str, *identities: str) -> Managed | None:
        """What Terraform calls an object of the server."""
        return next((each for each in self.managed if _is(each, section, identities)), None)


def _is(managed: Managed, section: str, identities: Iterable[str]) -> bool:
    return section in managed.sections and (managed.is_setting or bool(managed.identities & set(identities)))


def names(text: str) -> Names:
    """What the output of `terraform state pull` manages.

    Raises:
        WrongState: it is none, of another version, or of other providers only.
    """
    managed: list[Managed] = []
    unknown: dict[str, str] = {}
    ours = list(_ours(_resources(text)))
    if not ours:
        raise WrongState("nothing in it is of a Terraform provider for Nexus (nexus_... or sonatyperepo_...)")
    for resource in ours:
        kind = str(resource["type"]).partition("_")[2]
        sections = _sections(kind)
        for instance in _mappings(resource.get("instances")):
            address = _address(resource, instance)
            if sections:
                managed.append(_managed(address, resource, instance, sections))
            else:
                unknown[address] = _DERIVED.get(kind, "no section of a stack file is of this type")
    return Names(tuple(managed), unknown)


def _resources(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongState("it is not JSON") from None
    if not isinstance(state, Mapping) or state.get("version") != FORMAT:
        found = state.get("version") if isinstance(state, Mapping) else None
        raise WrongState(f"it is not a state of version {FORMAT} (got {found!r})")
    return _mappings(state.get("resources"))


def _ours(resources: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Those that are managed, and not only read as data."""
    return (
        each
        for each in resources
        if each.get("mode") == "managed" and str(each.get("type")).startswith(_PROVIDERS) and each.get("name")
    )


def _mappings(found: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in (found if isinstance(found, list) else ()) if isinstance(each, Mapping))


def _sections(kind: str) -> tuple[str, ...]:
    kind = _SINGULAR.get(kind, kind)
    if kind in _SECTIONS:
        return _SECTIONS[kind]
    return next((_SECTIONS[start] for start in _OF_SEVERAL if kind.startswith(f"{start}_")), ())


def _managed(
    address: str, resource: Mapping[str, Any], instance: Mapping[str, Any], sections: tuple[str, ...]
) -> Managed:
    attributes = instance.get("attributes")
    held = attributes if isinstance(attributes, Mapping) else {}
    keys = _IDENTITIES.get(sections[0], _IDENTITY)
    identities = frozenset(held[key] for key in keys if isinstance(held.get(key), str) and held[key])
    index = instance.get("index_key")
    name = str(resource["name"]) + ("" if index is None else f"-{index}")
    return Managed(address, name, sections, identities)


def _address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    module = f"{resource['module']}." if resource.get("module") else ""
    index = instance.get("index_key")
    return f"{module}{resource['type']}.{resource['name']}" + ("" if index is None else f"[{json.dumps(index)}]")
