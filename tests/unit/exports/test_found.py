"""The export of a server's objects, with any names."""

import yaml

from exports import topology_file
from exports.inventory import Found
from nexus.model import Ref

DIRECTORY = {"host": "ldap.domain.org", "authUsername": "cn=nexus"}
CORPORATE = Found("ldap", "corporate", Ref("ldap", "corporate"), DIRECTORY)
AS_ITS_SECTION = Found("ldap", "ldap", Ref("ldap", "ldap"), DIRECTORY)
EMAIL = Found("email", "email", Ref("email", "email"), {"host": "mail.domain.org", "username": "nexus"})

EVE = Found("users", "eve", Ref("user", "eve"), {"roles": ["nx-anonymous"]})


def test_only_secrets_that_an_up_needs_are_named_by_their_keys() -> None:
    """Settings are sent by the first `up`; Nexus keeps the mail server's password for a placeholder."""
    proxy = {"httpProxy": {"enabled": True, "host": "proxy", "authInfo": {"enabled": True, "username": "nexus"}}}
    assert Found("httpProxy", "httpProxy", Ref("http", "http"), proxy).secrets == [
        "httpProxy.httpProxy.authInfo.password"
    ]
    assert [each.secrets for each in (CORPORATE, AS_ITS_SECTION, EMAIL, EVE)] == [[], [], [], []]


def test_an_object_named_like_its_section_replaces_no_other() -> None:
    written = yaml.safe_load(topology_file.text([CORPORATE, AS_ITS_SECTION, EMAIL], [], {"enabled": False}))
    assert list(written["ldap"]) == ["corporate", "ldap"]
    assert written["email"]["host"] == "mail.domain.org"


def test_a_name_with_line_breaks_stays_inside_its_comment() -> None:
    name = "eve\nroles: {eve: {privileges: [nx-all]}}\u2028x\r$(reboot)"
    eve = Found("users", name, Ref("user", name), {"roles": ["nx-anonymous"]})
    text = topology_file.text([eve], ["Evil\nrealm"], {"enabled": False})
    assert yaml.safe_load(text) == {"users": {name: {"roles": ["nx-anonymous"], "adopt": "strict"}}}
    head = text.partition("\nusers:")[0].splitlines()
    assert all(line.startswith("#") for line in head if line)
    assert any("'Evil\\nrealm'" in line for line in head)
