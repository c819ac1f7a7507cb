"""The bodies of every request pass the published models."""

from typing import Any

import pytest
from nexus_api_client import models

from nexus import schema
from nexus.kinds import KINDS
from nexus.model import Ref
from stacks.settings import Settings
from stacks.topology.declarations import declarations
from tests.integration.provider.play import ROOT
from tests.integration.provider.samples import combinations, everything_else, repositories
from tests.support.versions import NEWEST

MODELS = {name.lower(): model for name, model in vars(models).items() if isinstance(model, type)}
NAMED = {
    "blobStore/file": "FileBlobStoreApiCreateRequest",
    "routingRule": "RoutingRuleXO",
    "cleanupPolicy": "CleanupPolicyResourceXO",
    "contentSelector": "ContentSelectorApiCreateRequest",
    "privilege/application": "ApiPrivilegeApplicationRequest",
    "privilege/repository-admin": "ApiPrivilegeRepositoryAdminRequest",
    "privilege/repository-view": "ApiPrivilegeRepositoryViewRequest",
    "privilege/repository-content-selector": "ApiPrivilegeRepositoryContentSelectorRequest",
    "privilege/wildcard": "ApiPrivilegeWildcardRequest",
    "role": "RoleXORequest",
    "user": "ApiCreateUser",
    "email": "ApiEmailConfiguration",
    "http": "HttpSettingsXo",
    "ssrfProtection": "SsrfProtectionConfigurationXO",
    "task": "TaskTemplateXO",
    "ldap": "CreateLdapServerXo",
    "saml": "SamlConfigurationXO",
    "userTokens": "UserTokensApiModel",
    "capability": "CapabilityDTO",
    "samlUser": "SamlUserXO",
    "oauth2User": "OAuth2UserXO",
    "ipAllowlist": "ModeChangeXO",
    "ipAllowlistEntry": "EntryXO",
}
# Used by servers up to 3.93, ignored by later ones.
BESIDE = {"routingRule"}


def sent() -> dict[str, Any]:
    whole = everything_else()
    pairs = {f"{format_}/{type_}" for format_, type_ in combinations()}
    whole["repositories"] |= repositories(pairs)
    whole["nexus"] = {"generation": NEWEST}
    settings = Settings.of({"hostname": "nexus.domain.org", **whole}, ROOT / "stacks")
    found = {}
    for each in declarations(settings.topology):
        kind = KINDS[each.kind]
        if kind.body_key:
            continue
        ref = Ref(each.kind, each.name, each.format, each.type)
        body = {**each.body, "password": "secret"} if each.kind == "user" else each.body
        found[f"{each.request} {each.name}"] = (
            each.request,
            kind.request(ref, kind.both_names(body), creates=True),
        )
    return found


SENT = sent()


def model_of(request: str) -> Any:
    if request in NAMED:
        return MODELS[NAMED[request].lower()]
    _, format_, type_ = request.split("/")
    return MODELS[f"{ {'go': 'golang'}.get(format_, format_) }{type_}repositoryapirequest"]


@pytest.mark.parametrize("which", SENT)
def test_a_body_passes_the_published_model_unchanged(which: str) -> None:
    request, body = SENT[which]
    known = {key: value for key, value in body.items() if key not in BESIDE}
    accepted = model_of(request).from_dict(known).to_dict()
    assert accepted | known == accepted
    assert set(body) - set(known) <= BESIDE


def test_every_format_and_type_is_among_them() -> None:
    assert len({request for request, _ in SENT.values() if request.startswith("repository/")}) == 69
    assert {request for request, _ in SENT.values()} <= set(schema.requests())
