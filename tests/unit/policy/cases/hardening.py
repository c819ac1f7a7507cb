"""Stacks that comply with the rules about the server's settings, and stacks that violate them, with the messages."""

from policy.rule import Resource
from tests.unit.policy.resources import (
    capability,
    container,
    nexus,
    provider,
    repository,
)

GOOD: dict[str, list[list[Resource]]] = {
    "admin-password": [[provider()], [provider(password="[secret]")]],
    "no-scripts": [[container()], [nexus("Task", "compact", {"type": "blobstore.compact"})]],
    "ssrf-protection": [
        [repository("p", type="proxy"), nexus("SsrfProtection", "ssrfProtection", {"enabled": True})],
        [repository()],
    ],
    "session-timeout": [[capability("rapture.settings", sessionTimeout="30")], [capability("rapture.settings")]],
    "audit": [[capability("audit")]],
    "https-only": [
        [provider()],
        [nexus("LdapServer", "directory", {"protocol": "LDAPS"})],
        [nexus("Email", "email", {"enabled": True, "password": "hunter2", "startTlsRequired": True})],
    ],
}

BAD: dict[str, list[tuple[list[Resource], str]]] = {
    "admin-password": [
        ([provider(password="hunter2")], "fewer than 12 characters"),
        ([provider(password="Admin123")], "well known"),
    ],
    "no-scripts": [
        ([nexus("Script", "cleanup", {"content": "hunter2"})], "remove it from scripts"),
        ([nexus("Task", "nightly", {"type": "script"})], "remove it from tasks"),
        ([container(envs=["INSTALL4J_ADD_VM_PARAMS=-Dnexus.scripts.allowCreation=true"])], "upload scripts"),
    ],
    "ssrf-protection": [
        ([repository("p", type="proxy")], "set ssrfProtection.enabled to true"),
        (
            [repository("p", type="proxy"), nexus("SsrfProtection", "ssrfProtection", {"enabled": False})],
            "ask the hosts of its own network",
        ),
    ],
    "session-timeout": [
        ([capability("rapture.settings", sessionTimeout="0")], "logged in for 0 minutes"),
        ([capability("rapture.settings", sessionTimeout="1440")], "set properties.sessionTimeout to 60 or less"),
    ],
    "audit": [([capability("audit", enabled=False)], "set enabled to true")],
    "https-only": [
        ([provider(url="http://nexus.domain.org")], "use https in nexus.url"),
        ([nexus("LdapServer", "directory", {"protocol": "ldap"})], "set protocol to ldaps"),
        ([nexus("Email", "email", {"enabled": True, "password": "hunter2"})], "set email.startTlsRequired to true"),
        ([nexus("Crowd", "crowd", {"url": "HTTP://crowd.domain.org"})], "use https in crowd.url"),
    ],
}
