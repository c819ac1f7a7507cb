"""The ACME settings of a stack file, and the errors for mistakes in them."""

from typing import Any

import pytest

from components.certificates.lego_environment import lego_environment
from stacks.acme_settings import Acme
from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from tests.authority import Request
from tests.unit.nginx.rendering import configuration, settings

RIGHT: dict[str, Any] = {"mode": "acme", "email": "ops@domain.org"}
SECRET = "the-secret-of-the-stack"
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown mode": ({"mode": "acmee"}, "tls.mode: invalid value (got 'acmee'", "'acme'"),
    "no email": ({"email": None}, "tls.email", "pulumi config set --path tls.email"),
    "email without @": ({"email": "ops"}, "tls.email: invalid value (got 'ops'", "like ops@domain.org"),
    "plain directory": (
        {"directory": "http://ca/dir"},
        "tls.directory: invalid value (got 'http://ca/dir'",
        "https:// URL",
    ),
    "unknown directory": (
        {"directory": "letsencript"},
        "tls.directory: invalid value (got 'letsencript'",
        "letsencrypt-staging",
    ),
    "unknown challenge": (
        {"challenge": "tls-alpn-01"},
        "tls.challenge: invalid value (got 'tls-alpn-01'",
        "'http-01' or 'dns-01'",
    ),
    "unknown key": ({"dnsProvide": "x"}, "tls.dnsProvide: unknown key", "rename it to dnsProvider"),
    "no DNS provider": ({"challenge": "dns-01"}, "tls.dnsProvider: missing", "tls.dnsProvider PROVIDER"),
    "DNS without dns-01": (
        {"dnsProvider": "cloudflare"},
        "tls.dnsProvider: has no effect with",
        "tls.challenge dns-01",
    ),
    "environment without dns-01": (
        {"dnsEnvironment": {"CF_DNS_API_TOKEN": SECRET}},
        "tls.dnsEnvironment: has no effect with",
        "tls.challenge dns-01",
    ),
    "no name of a variable": (
        {"challenge": "dns-01", "dnsProvider": "cloudflare", "dnsEnvironment": {"cf-token": SECRET}},
        "tls.dnsEnvironment.cf-token",
        "like CF_DNS_API_TOKEN",
    ),
    "provider in other words": (
        {"challenge": "dns-01", "dnsProvider": "Cloud Flare"},
        "tls.dnsProvider: invalid value (got 'Cloud Flare'",
        "like cloudflare",
    ),
    "half of an external account": (
        {"eab": {"kid": "k"}},
        "tls.eab.hmac: missing secret",
        "--secret --path tls.eab.hmac",
    ),
    "padded key": (
        {"eab": {"kid": "k", "hmac": f"{SECRET}=="}},
        "tls.eab.hmac: invalid value (got ***",
        "without padding",
    ),
    "staging without its roots": (
        {"directory": "letsencrypt-staging"},
        "tls.caBundle: missing",
        "docs/certificates.md",
    ),
    "roots that are none": (
        {"caBundle": "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----"},
        "tls.caBundle: no certificate can be read from it",
        "< roots.pem",
    ),
    "roots in a file that is not there": (
        {"caBundle": "roots-that-are-not-there.pem"},
        "tls.caBundle: invalid value (got 'roots-that-are-not-there.pem'",
        "a PEM file in stacks/",
    ),
    "renewals without an end": (
        {"renewBeforeDays": 90},
        "tls.renewBeforeDays: invalid value (got 90",
        "pulumi config rm --path tls.renewBeforeDays",
    ),
    "looks every second": (
        {"checkEverySeconds": 1},
        "tls.checkEverySeconds: invalid value (got 1",
        "greater than or equal to 5",
    ),
}


def acme(**given: Any) -> Acme:
    found = settings(tls={**RIGHT, **given}).tls
    assert isinstance(found, Acme)
    return found


def environment(**given: Any) -> dict[str, str]:
    return dict(lego_environment(acme(**given), "nexus.domain.org"))


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_and_fix(mistake: str) -> None:
    given, beginning, ending = WRONG[mistake]
    with pytest.raises(Refusal) as refused:
        settings(tls={key: value for key, value in {**RIGHT, **given}.items() if value is not None})
    (line,) = [line for line in str(refused.value).splitlines() if beginning in line]
    assert ending in line
    assert SECRET not in str(refused.value)


def test_a_name_and_a_mail_address_are_enough() -> None:
    found = environment()
    assert found["LEGO_SERVER"] == "https://acme-v02.api.letsencrypt.org/directory"
    assert found["LEGO_HTTP"] == "true"
    assert not {"LEGO_DNS", "LEGO_EAB", "LEGO_CA_CERTIFICATES", "LEGO_RENEW_DAYS"} & found.keys()
    assert acme().publicly_trusted


def test_a_private_directory_is_verified_with_its_own_roots() -> None:
    roots = Request("Private Root").issued_by(None).pem
    found = acme(directory="https://ca.domain.org/acme/directory", caBundle=roots)
    assert not found.publicly_trusted
    variables = lego_environment(found, "nexus.domain.org")
    assert variables["LEGO_CA_CERTIFICATES"] == "/acme/settings/roots.pem"


def test_variables_of_the_dns_provider_reach_lego_and_override_nothing() -> None:
    secrets = {"CF_DNS_API_TOKEN": SECRET, "LEGO_SERVER": "https://elsewhere/", "LEGO_DNS_RESOLVERS": "10.0.0.53:53"}
    found = environment(challenge="dns-01", dnsProvider="cloudflare", dnsEnvironment=secrets)
    assert found["LEGO_DNS"] == "cloudflare"
    assert found["CF_DNS_API_TOKEN"] == SECRET
    assert found["LEGO_DNS_RESOLVERS"] == "10.0.0.53:53"
    assert found["LEGO_SERVER"] == "https://acme-v02.api.letsencrypt.org/directory"
    assert "LEGO_HTTP" not in found


def test_each_directory_and_name_has_its_own_folder() -> None:
    paths = [
        lego_environment(settings_of, name)["LEGO_PATH"]
        for settings_of in (acme(), acme(directory="https://ca.domain.org/dir"))
        for name in ("nexus.domain.org", "store.domain.org")
    ]
    assert len(set(paths)) == 4


def test_the_repr_of_the_settings_has_no_secret() -> None:
    found: Settings = settings(
        tls={**RIGHT, "eab": {"kid": "k", "hmac": SECRET}, "challenge": "dns-01", "dnsProvider": "x"}
        | {"dnsEnvironment": {"TOKEN": SECRET}}
    )
    assert SECRET not in repr(found)


def test_hsts_is_on_with_publicly_trusted_certificates() -> None:
    roots = Request("Private Root").issued_by(None).pem
    header = "Strict-Transport-Security"
    assert header in configuration(tls=RIGHT).text
    assert header not in configuration({"hsts": False}, tls=RIGHT).text
    assert header not in configuration(tls={**RIGHT, "caBundle": roots}).text
    assert header not in configuration().text
