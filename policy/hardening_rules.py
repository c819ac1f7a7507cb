"""Rules from Sonatype's checklist for securing Nexus Repository, as far as a stack file controls them."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from nexus.advice import give_password, pasteable
from policy.rule import Resource, ResourceRule, StackRule, of_kind
from stacks.layout import NEXUS_PROVIDER
from stacks.secret_names import MASK

_PASSWORD_LENGTH = 12
# From the image, its documentation and many tutorials.
_WELL_KNOWN = frozenset({"admin", "admin123", "password", "changeme", "nexus", "nexus123", "sonatype"})
_SESSION_MINUTES = 60
_SCRIPT_TASKS = frozenset({"script", "groovy.script"})
_SCRIPTS_ALLOWED = "nexus.scripts.allowcreation=true"


def _admin_password(resource: Resource) -> Iterator[str]:
    """Checks its length and whether it is well known; the message does not say which of them is wrong."""
    if resource.type != NEXUS_PROVIDER:
        return
    for key, value in resource.props.items():
        if key.split(":")[-1] != "password" or not isinstance(value, str) or value == MASK:
            continue
        if len(value) < _PASSWORD_LENGTH or value.lower() in _WELL_KNOWN:
            yield pasteable(
                f"the administrator's password is well known or has fewer than {_PASSWORD_LENGTH} characters: "
                f"openssl rand -base64 24 | {give_password('admin')}"
            )


def _no_scripts(resource: Resource) -> Iterator[str]:
    if resource.kind == "Script":
        yield f"the script {resource.title} runs as the server: remove it from scripts"
    if resource.kind == "Task" and str(resource.at("body", "type")).lower() in _SCRIPT_TASKS:
        yield f"the task {resource.title} runs a script as the server: remove it from tasks"
    for entry in resource.listed("envs") if resource.kind == "Container" else ():
        if _SCRIPTS_ALLOWED in str(entry).replace(" ", "").lower():
            yield f"{resource.title} lets administrators upload scripts: remove nexus.scripts.allowCreation"


def _ssrf_protection(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Applies to stacks with a proxy, since its remote is what the server requests for clients."""
    proxies = [found for found in of_kind("Repository", resources) if found.at("type") == "proxy"]
    if proxies and not any(found.at("body", "enabled") is True for found in of_kind("SsrfProtection", resources)):
        yield (
            proxies[0],
            "anyone who may set a remote can make Nexus ask the hosts of its own network: set ssrfProtection.enabled "
            "to true (with Nexus 3.92 or newer)",
        )


def _session_timeout(resource: Resource) -> Iterator[str]:
    if resource.kind != "Capability" or resource.at("body", "type") != "rapture.settings":
        return
    timeout = str(resource.at("body", "properties", "sessionTimeout", otherwise="30"))
    minutes = int(timeout) if timeout.isdecimal() else 0
    if not 0 < minutes <= _SESSION_MINUTES:
        yield (
            f"{resource.title}: a browser stays logged in for {timeout} minutes (0 is for ever): "
            f"set properties.sessionTimeout to {_SESSION_MINUTES} or less"
        )


def _audit(resource: Resource) -> Iterator[str]:
    is_audit = resource.kind == "Capability" and resource.at("body", "type") == "audit"
    if is_audit and resource.at("body", "enabled") is False:
        yield f"{resource.title}: Nexus records no changes: set enabled to true"


def _https_only(resource: Resource) -> Iterator[str]:
    if resource.type == NEXUS_PROVIDER:
        for key, value in resource.props.items():
            if key.split(":")[-1] == "url" and urlsplit(str(value)).scheme != "https":
                yield "the stack speaks to Nexus without TLS: use https in nexus.url"
    body = resource.at("body")
    if isinstance(body, Mapping):
        yield from _logins_in_clear(resource)


def _logins_in_clear(resource: Resource) -> Iterator[str]:
    if resource.kind == "LdapServer" and str(resource.at("body", "protocol", otherwise="ldap")).lower() != "ldaps":
        yield f"the passwords of the users of {resource.title} go to the directory without TLS: set protocol to ldaps"
    logs_in = resource.kind == "Email" and resource.at("body", "enabled") and resource.at("body", "password")
    if logs_in and not (resource.at("body", "startTlsRequired") or resource.at("body", "sslOnConnectEnabled")):
        yield "the password for e-mail may go out without TLS: set email.startTlsRequired to true"
    if resource.kind == "Crowd" and urlsplit(str(resource.at("body", "url", otherwise="https:"))).scheme != "https":
        yield "the passwords of Crowd's users go there without TLS: use https in crowd.url"


RULES = (
    ResourceRule("admin-password", "The administrator's password cannot be guessed.", _admin_password),
    ResourceRule("no-scripts", "The server runs no scripts.", _no_scripts),
    StackRule(
        "ssrf-protection", "Nobody can make the server send requests to hosts of its own network.", _ssrf_protection
    ),
    ResourceRule("session-timeout", "A browser does not stay logged in for ever.", _session_timeout),
    ResourceRule("audit", "The server records who changed what.", _audit),
    ResourceRule("https-only", "No login goes anywhere without TLS.", _https_only),
)
