"""nexus-store.properties for Nexus."""

import pytest

from components.nexus_database import properties
from stacks.nexus_database import NexusDatabase

CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def test_the_certificate_of_a_database_is_verified() -> None:
    text = properties(NexusDatabase(host="postgres.domain.org", password="hunter2"))
    assert text == (
        "name=nexus\n"
        "type=jdbc\n"
        "jdbcUrl=jdbc:postgresql://postgres.domain.org:5432/nexus"
        "?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory\n"
        "username=nexus\n"
        "password=hunter2\n"
    )


@pytest.mark.parametrize(
    ("settings", "parameters"),
    [
        ({"caCertificate": CA}, "sslmode=verify-full&sslrootcert=/nexus-data/etc/fabric/postgresql-ca.pem"),
        ({"caCertificate": CA, "sslMode": "verify-ca"}, "sslmode=verify-ca&sslrootcert="),
        ({"sslMode": "require"}, "?sslmode=require\n"),
        ({"sslMode": "disable"}, "?sslmode=disable\n"),
    ],
)
def test_tls_settings_become_parameters_of_the_driver(settings: dict[str, str], parameters: str) -> None:
    database = NexusDatabase.model_validate({"host": "postgres", "password": "hunter2", **settings})
    assert parameters in properties(database)


@pytest.mark.parametrize(
    ("password", "written"),
    [
        ("a=b:c#d!e", "a=b:c#d!e"),
        (r"back\slash", r"back\\slash"),
        ("  blanks  ", r"\  blanks  "),
        ("gr\u00fcn\U0001f40d", r"gr\u00fcn\ud83d\udc0d"),
    ],
)
def test_a_password_is_escaped_for_java(password: str, written: str) -> None:
    text = properties(NexusDatabase(host="postgres", password=password))
    assert text.endswith(f"password={written}\n")


def test_the_password_of_a_database_is_not_shown() -> None:
    database = NexusDatabase(host="postgres", password="hunter2")
    assert "hunter2" not in f"{database} {database!r} {database.address} {database.model_dump_json()}"
