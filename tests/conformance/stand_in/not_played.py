"""Operations of the published API that the stand-in does not play, as its table lists them, and undocumented ones."""

import re

from tests.support.tools import ROOT

TABLE = ROOT / "stand_in" / "internal" / "rest" / "notplayed.txt"

# Operations of the stand-in and the real server that are not in the document.
UNDOCUMENTED = """
    GET /internal/cleanup-policies
    POST /internal/cleanup-policies
    GET /internal/cleanup-policies/criteria/formats
    GET /internal/cleanup-policies/{}
    PUT /internal/cleanup-policies/{}
    DELETE /internal/cleanup-policies/{}
    GET /internal/ui/onboarding
    PUT /internal/ui/onboarding/change-admin-password
    GET /swagger.json
"""


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def not_played() -> dict[str, tuple[str, str]]:
    """By operation: the first release that has it, and the reason."""
    found, reason = {}, ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            release, method, path = line.split()
            found[f"{method} {nameless(path)}"] = release, reason
        elif line and not line.startswith("#"):
            reason = line
    return found


def nameless(operation: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", operation)
