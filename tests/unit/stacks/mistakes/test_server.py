"""Mistakes in settings of Nexus and nginx: memory, images, database, licence, e-mail, engine."""

import pytest

from tests.unit.stacks.mistakes.refused import Wrong, is_one_line

DIGEST = f"sha256:{64 * 'a'}"
KEYLESS = {
    "certificateIdentity": "ops@domain.org",
    "certificateOidcIssuer": "https://accounts.domain.org",
}
KEY = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEl+icLbgSvWyjntjTTzIJZVg45w4U
0KWZHNkwMu4Vsp80xjHTznqLe+JyOlvzcaVgxrq7pWyQRcIHrri+xE5zWw==
-----END PUBLIC KEY-----
"""
WRONG: dict[str, Wrong] = {
    "heap over memory": (
        {"nexus": {"heap": "4g", "memory": "4g"}},
        "nexus.memory: invalid value (got '4g'",
        "at least 5120m",
    ),
    "database without a password": (
        {"nexus": {"database": {"host": "postgres.domain.org"}}},
        "nexus.database.password: missing secret",
        "pulumi config set --secret --path nexus.database.password",
    ),
    "database with a password of two lines": (
        {"nexus": {"database": {"host": "postgres.domain.org", "password": "the-first\nthe-second-secret"}}},
        "nexus.database.password: invalid value (got ***",
        "printable characters, on one line",
    ),
    "database by its URL": (
        {"nexus": {"database": {"host": "jdbc:postgresql://postgres.domain.org/nexus", "password": "the-db-secret"}}},
        "nexus.database.host: invalid value (got 'jdbc:postgresql://postgres.domain.org/nexus'",
        "only a host's name or IPv4 address, like postgres.domain.org",
    ),
    "signatures by a key and by an identity": (
        {"imageSignatures": {"publicKey": KEY, "certificateIdentity": "ops@domain.org"}},
        "imageSignatures: invalid value (got a mapping with the keys publicKey, certificateIdentity",
        "either publicKey, or certificateIdentity and certificateOidcIssuer",
    ),
    "signatures by an identity of any issuer": (
        {"imageSignatures": {"certificateIdentity": "ops@domain.org"}},
        "imageSignatures: invalid value",
        "either publicKey, or certificateIdentity and certificateOidcIssuer",
    ),
    "keyless signatures without the log": (
        {"imageSignatures": {**KEYLESS, "transparencyLog": False}},
        "imageSignatures: invalid value",
        "transparencyLog: false with publicKey only",
    ),
    "signatures by half a key": (
        {"imageSignatures": {"publicKey": KEY.replace("MFkw", "")}},
        "imageSignatures.publicKey: invalid value",
        "a public key in PEM, as `cosign public-key` prints it",
    ),
    "signed image by its tag": (
        {"imageSignatures": KEYLESS, "nginx": {"image": f"nginx@{DIGEST}"}},
        "nexus.image: imageSignatures verifies images by digest, and this one has none (got sonatype/nexus3:",
        "docker buildx imagetools inspect sonatype/nexus3:",
    ),
    "signed image of lego by its tag": (
        {
            "imageSignatures": KEYLESS,
            "nexus": {"image": f"sonatype/nexus3:3.95.2@{DIGEST}"},
            "nginx": {"image": f"nginx@{DIGEST}"},
            "tls": {"mode": "acme", "email": "ops@domain.org", "image": "goacme/lego:v5"},
        },
        "tls.image: imageSignatures verifies images by digest, and this one has none (got goacme/lego:v5",
        "pulumi config set --path tls.image goacme/lego:v5@sha256:DIGEST",
    ),
    "signatures with an external Nexus": (
        {"imageSignatures": {"publicKey": KEY}, "nexus": {"url": "https://nexus.domain.org"}},
        "imageSignatures.publicKey: not applicable with nexus.url",
        "remove imageSignatures.publicKey",
    ),
    "release in capitals": (
        {"nexus": {"image": "Sonatype/Nexus3:3.95.2"}},
        "nexus.image: invalid value (got 'Sonatype/Nexus3:3.95.2'",
        "as `docker pull` takes it",
    ),
    "time that nginx cannot count": (
        {"nginx": {"sendTimeout": "99999999999s"}},
        "nginx.sendTimeout: invalid value (got '99999999999s'",
        "of at most nine digits",
    ),
    "memory without an end": (
        {"nexus": {"memory": "99999999999g"}},
        "nexus.memory: invalid value (got '99999999999g'",
        "at most nine digits with k, m or g",
    ),
    "number that no server takes": (
        {"nginx": {"workerProcesses": 10**400}},
        "nginx.workerProcesses: invalid value (got a huge number",
        "less than or equal to 256",
    ),
    "text that is cut": ({"nexus": {"heap": "9" * 5000}}, "99999...", "like 4g"),
    "licence agreed to by a word": (
        {"nexus": {"acceptEula": "yes"}},
        "nexus.acceptEula: invalid value (got 'yes'",
        "VALUE",
    ),
    "licence agreed to by a number": (
        {"nexus": {"acceptEula": 1}},
        "nexus.acceptEula: invalid value (got 1",
        "without quotes",
    ),
    "licence agreed to by a no": (
        {"nexus": {"acceptEula": "no"}},
        "nexus.acceptEula: invalid value (got 'no'",
        "true or false",
    ),
    "licence agreed to by a text": (
        {"nexus": {"acceptEula": "true"}},
        "nexus.acceptEula: invalid value (got 'true'",
        "quotes",
    ),
    "e-mail without its switch": (
        {"email": {"host": "mail.domain.org", "port": 25, "fromAddress": "nexus@domain.org"}},
        "email.enabled: missing (allowed true or false",
        "edit email.enabled",
    ),
    "image with a blank": (
        {"nexus": {"image": "sonatype/nexus3: 3.95.2"}},
        "nexus.image: invalid value (got 'sonatype/nexus3: 3.95.2'",
        "an image with its tag or digest",
    ),
    "image with blanks around": (
        {"nginx": {"image": " nginx:1.29.8 "}},
        "nginx.image: invalid value (got ' nginx:1.29.8 '",
        "its tag",
    ),
    "image without a tag": (
        {"nginx": {"image": "nginx"}},
        "nginx.image: invalid value (got 'nginx'",
        "its tag or digest",
    ),
    "image of a registry without a tag": (
        {"nexus": {"image": "registry.domain.org:5000/sonatype/nexus3"}},
        "nexus.image: invalid value (got 'registry.domain.org:5000/sonatype/nexus3'",
        "its tag or digest",
    ),
    "certificate out of any file": (
        {"nexus": {"database": {"host": "db", "password": "the-db-secret", "caCertificate": "/etc/passwd"}}},
        "nexus.database.caCertificate: invalid value (got '/etc/passwd'",
        "the name of a PEM file in stacks/",
    ),
    "certificate out of a file above": (
        {"nexus": {"database": {"host": "db", "password": "the-db-secret", "caCertificate": "../README.md"}}},
        "nexus.database.caCertificate: invalid value (got '../README.md'",
        "the name of a PEM file in stacks/",
    ),
    "certificate out of a file that has none": (
        {"nexus": {"database": {"host": "db", "password": "the-db-secret", "caCertificate": "topology.yaml"}}},
        "nexus.database.caCertificate: invalid value (got 'topology.yaml'",
        "the name of a PEM file in stacks/",
    ),
    "engine with a typo": (
        {"docker": {"host": "ssh:/deploy@x"}},
        "docker.host: invalid value (got 'ssh:/deploy@x'",
        "ssh://",
    ),
    "engine that is an option of ssh": (
        {"docker": {"host": "ssh://-F/tmp/evil"}},
        "docker.host: invalid value (got 'ssh://-F/tmp/evil'",
        "USER and HOST begin with no hyphen",
    ),
    "engine with an option for its user": (
        {"docker": {"host": "ssh://-l@a.domain.org"}},
        "docker.host: invalid value (got 'ssh://***@a.domain.org'",
        "USER and HOST begin with no hyphen",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
