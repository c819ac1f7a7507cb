"""The export of a server's objects, with any names."""

import yaml

from exports import topology_file
from exports.inventory import Found
from nexus.model import Ref

DIRECTORY = {"host": "ldap.domain.org", "authUsername": "cn=nexus"}
CORPORATE = Found("ldap", "corporate", Ref("ldap", "corporate"), DIRECTORY)
AS_ITS_SECTION = Found("ldap", "ldap", Ref("ldap", "ldap"), DIRECTORY)
EMAIL = Found("email", "email", Ref("email", "email"), {"host": "mail.domain.org", "username": "nexus"})


def test_a_secret_is_named_by_its_key() -> None:
    assert CORPORATE.secrets == ["ldap.corporate.authPassword"]
    assert AS_ITS_SECTION.secrets == ["ldap.ldap.authPassword"]
    assert EMAIL.secrets == ["email.password"]


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
    assert any("'passwords[\"eve\\nroles:" in line for line in head)
