"""A certificate that clients or nginx would refuse is refused at preview, in one line with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from nexus.problem import Problem
from stacks.rules import certificate_rules
from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from stacks.tls_settings import Provided, SelfSigned
from tests.authority import NOW, YEAR, Issued, Request

HOSTNAME = "nexus.domain.org"
ROOT = Request("Root", end=NOW + 10 * YEAR).issued_by(None)
INTERMEDIATE = Request("Intermediate").issued_by(ROOT)
LEAF = Request("Store", (HOSTNAME,)).issued_by(INTERMEDIATE)


@dataclass(frozen=True)
class Given:
    """A certificate in a stack file."""

    chain: tuple[Issued, ...]
    key: str = LEAF.key_pem
    ca: Issued | None = ROOT

    @property
    def settings(self) -> Provided:
        pem = "".join(issued.pem for issued in self.chain)
        given = {"mode": "provided", "certificate": pem, "privateKey": self.key}
        return Provided.model_validate({**given, "caCertificate": self.ca.pem} if self.ca else given)

    def problems(self) -> list[Problem]:
        return certificate_rules.problems(
            HOSTNAME, self.settings.certificate, self.settings.private_key, self.settings.ca_certificate, NOW
        )


def leaf(**changes: object) -> Given:
    issued = Request("Store", **{"dns_names": (HOSTNAME,), **changes}).issued_by(INTERMEDIATE)  # type: ignore[arg-type]
    return Given((issued, INTERMEDIATE), issued.key_pem)


SELF = Request("Store", (HOSTNAME,)).issued_by(None)
OLD = Request("Old", begin=NOW - YEAR, end=NOW - timedelta(hours=1)).issued_by(ROOT)
OTHER_INTERMEDIATE = Request("Other").issued_by(ROOT)
IMPOSTOR = Request("Intermediate").issued_by(ROOT)

WRONG: dict[str, tuple[Given, str, str]] = {
    "key of another certificate": (
        Given((LEAF, INTERMEDIATE), INTERMEDIATE.key_pem),
        "the key belongs to 'CN=Intermediate', which is not the first",
        "put the leaf first",
    ),
    "key of nothing here": (
        Given((LEAF, INTERMEDIATE), OTHER_INTERMEDIATE.key_pem),
        "tls.privateKey: the key does not belong to 'CN=Store'",
        "set tls.privateKey to that key",
    ),
    "no key": (Given((LEAF, INTERMEDIATE), "-----BEGIN nothing"), "no private key can be read", "FILE.pem"),
    "without the intermediate": (
        Given((LEAF,)),
        "the chain ends with 'CN=Store'; 'CN=Intermediate', which signed it, is missing",
        "append 'CN=Intermediate'",
    ),
    "order": (
        Given((LEAF, ROOT, INTERMEDIATE)),
        "'CN=Root' follows 'CN=Store' but did not sign it",
        "put 'CN=Intermediate' after 'CN=Store'",
    ),
    "another CA of the same name": (
        Given((LEAF, IMPOSTOR)),
        "'CN=Intermediate' follows 'CN=Store' but did not sign it",
        "put",
    ),
    "a root that nobody knows": (
        Given((LEAF, INTERMEDIATE), ca=None),
        "'CN=Root', which signed it, is missing",
        "give the root of a private CA as tls.caCertificate",
    ),
    "signed by itself": (Given((SELF,), SELF.key_pem, None), "'CN=Store' is self-signed", "tls.mode selfSigned"),
    "another name": (leaf(dns_names=("other.domain.org",)), "'CN=Store' is for other.domain.org", HOSTNAME),
    "a wildcard of another level": (leaf(dns_names=("*.org",)), "'CN=Store' is for *.org", HOSTNAME),
    "expired": (leaf(begin=NOW - YEAR, end=NOW - timedelta(days=1)), "expired on 2026-05-31 00:00 UTC", "renew it"),
    "not yet valid": (leaf(begin=NOW + timedelta(days=1)), "is not valid before 2026-06-02 00:00 UTC", "clock"),
    "an intermediate that expired": (
        Given((Request("Store", (HOSTNAME,), key=LEAF.key).issued_by(OLD), OLD)),
        "'CN=Old' expired on 2026-05-31 23:00 UTC",
        "renew it",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_certificate_is_one_line_with_a_fix(mistake: str) -> None:
    given, found, remedy = WRONG[mistake]
    problems = given.problems()
    assert len(problems) == 1, problems
    assert found in str(problems[0])
    assert remedy in problems[0].fix
    assert "\n" not in str(problems[0])


RIGHT: dict[str, Callable[[], Given]] = {
    "a chain without its root": lambda: Given((LEAF, INTERMEDIATE)),
    "a chain with its root": lambda: Given((LEAF, INTERMEDIATE, ROOT)),
    "a wildcard": lambda: leaf(dns_names=("*.domain.org",)),
    "one of several names": lambda: leaf(dns_names=("other.domain.org", HOSTNAME)),
    "a leaf that is its own authority": lambda: Given((SELF,), SELF.key_pem, SELF),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_correct_certificate_is_accepted(case: str) -> None:
    assert RIGHT[case]().problems() == []


def test_up_warns_during_the_last_days_and_not_before() -> None:
    settings = Given((LEAF, INTERMEDIATE)).settings
    end = NOW + YEAR
    assert (
        certificate_rules.expiry_warning(settings.certificate, settings.renew_before_days, end - timedelta(days=31))
        is None
    )
    warning = certificate_rules.expiry_warning(
        settings.certificate, settings.renew_before_days, end - timedelta(days=29)
    )
    assert warning is not None
    assert "tls.certificate expires on 2027-06-01 00:00 UTC" in warning


def _stack(folder: Path, tls: Mapping[str, object]) -> Settings:
    (folder / "topology.yaml").write_text("repositories: {}")
    given = {"hostname": HOSTNAME, "topology": "topology.yaml", "passwords": {"admin": "x"}, "tls": tls}
    return Settings.of(given, folder)


def test_files_beside_the_stack_file_are_read(tmp_path: Path) -> None:
    now = Request("Store", (HOSTNAME,), begin=NOW - 10 * YEAR, end=NOW + 70 * YEAR).issued_by(None)
    (tmp_path / "chain.pem").write_text(now.pem)
    (tmp_path / "key.pem").write_text(now.key_pem)
    tls = {"mode": "provided", "certificate": "chain.pem", "privateKey": "key.pem", "caCertificate": now.pem}
    settings = _stack(tmp_path, tls).tls
    assert isinstance(settings, Provided)
    assert settings.certificate == now.pem
    assert settings.private_key.get_secret_value() == now.key_pem
    assert now.key_pem not in repr(settings)


@pytest.mark.parametrize(
    ("tls", "message"),
    [
        (
            {"mode": "provided", "certificate": "no.pem", "privateKey": "no.pem"},
            "tls.certificate: invalid value (got 'no.pem'",
        ),
        ({"mode": "provided", "privateKey": "no.pem"}, "tls.certificate: missing"),
        ({"mode": "letsencrypt"}, "tls.mode: invalid value (got 'letsencrypt'; allowed 'selfSigned', 'provided'"),
        ({"mode": "provided", "certificat": "x"}, "rename it to certificate"),
        (
            {"mode": "provided", "certificate": "-----BEGIN x", "privateKey": "-----BEGIN x"},
            "tls.certificate: no certificate can be read from it",
        ),
        ({"validityDay": 3}, "rename it to validityDays"),
    ],
)
def test_an_unsuitable_key_for_a_mode_has_its_own_message(
    tmp_path: Path, tls: Mapping[str, object], message: str
) -> None:
    with pytest.raises(Refusal) as refused:
        _stack(tmp_path, tls)
    assert message in str(refused.value)


def test_an_invalid_private_key_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        _stack(tmp_path, {"mode": "provided", "certificate": LEAF.pem, "privateKey": "MIIEvQ-a-headless-key"})
    assert "tls.privateKey: invalid value (got ***" in str(refused.value)
    assert "MIIEvQ" not in str(refused.value)


def test_the_default_mode_is_self_signed(tmp_path: Path) -> None:
    assert _stack(tmp_path, {"renewBeforeDays": 60}).tls == SelfSigned.model_validate({"renewBeforeDays": 60})
