"""Scans a server's TLS with sslyze."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.store.store import outcome
from tests.support import tools


class Scan:
    """The result of sslyze: whether the server has Mozilla's intermediate profile, and what it offers."""

    def __init__(self, hostname: str, address: str, ca: Path, folder: Path) -> None:
        report = folder / "sslyze.json"
        sslyze = [str(tools.sslyze()), "-m", "sslyze"]
        command = [*sslyze, "--certinfo", "--certinfo_ca_file", str(ca), "--mozilla_config", "intermediate"]
        code, output = outcome(
            [*command, "--http_headers", "--sni", hostname, "--json_out", str(report), f"{address}:443"]
        )
        self.passes_intermediate, self.output = code == 0, output
        self._result: dict[str, Any] = json.loads(report.read_text())["server_scan_results"][0]["scan_result"]

    def suites(self, protocol: str) -> set[str]:
        accepted = self._result[f"{protocol}_cipher_suites"]["result"]["accepted_cipher_suites"]
        return {suite["cipher_suite"]["name"] for suite in accepted}

    @property
    def chain(self) -> dict[str, Any]:
        found: dict[str, Any] = self._result["certificate_info"]["result"]["certificate_deployments"][0]
        return found

    @property
    def is_trusted_by_the_given_ca(self) -> bool:
        results = self.chain["path_validation_results"]
        return any(
            result["trust_store"]["name"] == "Supplied CA file" and result["was_validation_successful"]
            for result in results
        )

    @property
    def hsts(self) -> Any:
        return self._result["http_headers"]["result"]["strict_transport_security_header"]
