"""Mistakes in names, addresses, ports and certificates of the store, and of the hosts of its clients."""

import pytest

from tests.unit.stacks.mistakes.refused import Wrong, is_one_line

WRONG: dict[str, Wrong] = {
    "wrong type": ({"nginx": {"httpsPort": "https"}}, "nginx.httpsPort: invalid value (got 'https'", "nginx.httpsPort"),
    "equal public ports": ({"nginx": {"httpPort": 443}}, "nginx", "two different ports"),
    "bad hostname": (
        {"hostname": "Nexus_Domain"},
        "hostname: invalid value (got 'Nexus_Domain'",
        "like nexus.domain.org",
    ),
    "hostname missing": ({"hostname": ...}, "hostname: missing", "pulumi config set --path hostname"),
    "address as the name": (
        {"hostname": "10.0.0.5"},
        "hostname: invalid value (got '10.0.0.5'",
        "under the key address",
    ),
    "name that is too long": (
        {"hostname": "a" * 60 + ".b" * 110},
        "hostname: invalid value (got 'aaa",
        "a text of at most 253 characters",
    ),
    "name as the address": ({"address": "nexus"}, "address: invalid value (got 'nexus'", "an IPv4 or IPv6 address"),
    "number as the address": ({"address": 1}, "address: invalid value (got 1", "an IPv4 or IPv6 address"),
    "true as a port": ({"nginx": {"httpsPort": True}}, "nginx.httpsPort: invalid value (got True", "a whole number"),
    "default that does not fit": (
        {"tls": {"caValidityDays": 90}},
        "tls.validityDays: invalid value (got the default 365",
        "at most 90, the caValidityDays",
    ),
    "name with a dot": (
        {"clients": {"build.domain.org": {"sudo": "maybe"}}},
        "clients[\"build.domain.org\"].sudo: invalid value (got 'maybe'",
        "--path 'clients[\"build.domain.org\"].sudo' VALUE",
    ),
    "host that is a command": (
        {"clients": {"node": {"ssh": {"host": "node; reboot", "hostKey": "ssh-ed25519 AAAA"}}}},
        "clients.node.ssh.host: invalid value (got 'node; reboot'",
        "only a host's name or address",
    ),
    "directory's bad e-mail address": (
        {"tls": {"mode": "acme", "email": "ops"}},
        "tls.email: invalid value (got 'ops'",
        "an e-mail address, like ops@domain.org",
    ),
    "renewal at every up": (
        {"tls": {"validityDays": 20}},
        "tls.renewBeforeDays: invalid value (got the default 30",
        "less than 20, the validityDays",
    ),
    "renewal before it begins": (
        {"tls": {"validityDays": 90, "renewBeforeDays": 90}},
        "tls.renewBeforeDays: invalid value (got 90",
        "less than 90, the validityDays",
    ),
    "the same authority twice": (
        {"tls": {"authorities": [2, 2]}},
        "tls.authorities: invalid value (got ",
        "two different numbers",
    ),
    "three authorities": (
        {"tls": {"authorities": [1, 2, 3]}},
        "tls.authorities: invalid value (got ",
        "at most 2",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
