"""What an export says of one object of a server."""

from exports.inventory import Found
from nexus.objects.ref import Ref


def test_a_secret_is_named_by_its_key_whatever_the_object_is_called() -> None:
    body = {"host": "ldap.domain.org", "authUsername": "cn=nexus"}
    assert Found("ldap", "corporate", Ref("ldap", "corporate"), body).secrets == ["ldap.corporate.authPassword"]
    assert Found("ldap", "ldap", Ref("ldap", "ldap"), body).secrets == ["ldap.ldap.authPassword"]
    mail = {"host": "mail.domain.org", "username": "nexus"}
    assert Found("email", "email", Ref("email", "email"), mail).secrets == ["email.password"]
